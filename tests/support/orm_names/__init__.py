"""The names of Django's documentation, each in use: what the page of names says is run."""

from . import fields as fields
from . import models_and_meta as models_and_meta
from . import querysets as querysets
from .uses import USES as USES
from .uses import documented as documented
