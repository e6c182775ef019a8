"""Managers, where Django has them: ``from raystack_orm.models.manager import Manager``."""

from ..query.manager import BaseManager as BaseManager
from ..query.manager import Manager as Manager
