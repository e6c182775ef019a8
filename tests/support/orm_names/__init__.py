"""The names of Django's documentation, each in use: what the page of names says is run."""

from . import expressions as expressions
from . import fields as fields
from . import functions as functions
from . import indexes as indexes
from . import models_and_meta as models_and_meta
from . import other as other
from . import postgres as postgres
from . import querysets as querysets
from .uses import REFUSALS as REFUSALS
from .uses import USES as USES
from .uses import Name as Name
from .uses import Use as Use
from .uses import documented as documented
