"""JSONField, where Django has it: ``from raystack_orm.models.fields.json import JSONField``."""

from ...fields import JSONField as JSONField
