"""The signals of models, where Django has them: ``from raystack_orm.models import signals``."""

from ..signals import ModelSignal as ModelSignal
from ..signals import class_prepared as class_prepared
from ..signals import m2m_changed as m2m_changed
from ..signals import post_delete as post_delete
from ..signals import post_init as post_init
from ..signals import post_migrate as post_migrate
from ..signals import post_save as post_save
from ..signals import pre_delete as pre_delete
from ..signals import pre_init as pre_init
from ..signals import pre_migrate as pre_migrate
from ..signals import pre_save as pre_save
