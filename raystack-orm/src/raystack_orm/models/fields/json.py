"""JSONField and its keys, where Django has them: ``raystack_orm.models.fields.json.KT``."""

from ...fields import JSONField as JSONField
from ...lookups.json import KT as KT
from ...lookups.json import KeyTextTransform as KeyTextTransform
from ...lookups.json import KeyTransform as KeyTransform
