"""Keys of JSON documents: ``data__owner__name``, ``F("data__age")``, ``KT("data__a")``.

https://docs.djangoproject.com/en/stable/topics/db/queries/#key-index-and-path-transforms
"""

from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ColumnElement, Text, case, func

from ...expressions.functions.base import BuiltFunc
from ...expressions.transforms import Transform
from ...fields import JSONField, TextField
from .paths import index_of, split_document
from .types import PartOfJSON

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

WORDS = ("true", "false", "null")


class KeyTransform(BuiltFunc, Transform):
    """What a key, or an index, leads to in a JSON document.

    Args:
        key_name: The key.
        args: The document.
        kwargs: As for ``Func``.
    """

    def __init__(self, key_name: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_name = str(key_name)

    def _resolve_output_field(self) -> Any:
        return PartOfJSON.of(self.lhs._output_field_or_none)

    @property
    def document(self) -> Any:
        """The document that the path of keys starts in."""
        here = self.lhs
        while isinstance(here, KeyTransform):
            here = here.lhs
        return here

    @property
    def keys(self) -> list[str]:
        """The path."""
        inner = self.lhs.keys if isinstance(self.lhs, KeyTransform) else []
        return [*inner, self.key_name]

    def split(self, compiler: "Compiler") -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return the document and the path into it, for the functions of SQLite and MySQL."""
        return split_document(compiler.build(self.document), self.keys, compiler)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the part of the document."""
        if compiler.vendor == "postgresql":
            return compiler.typed(self._on_postgresql(compiler, "->"), self.sa_type)
        document, path = self.split(compiler)
        if compiler.vendor == "mysql":
            return func.json_extract(document, path, type_=self.sa_type)
        kind = func.json_type(document, path)
        words = [compiler.constant(word) for word in WORDS]
        made = case((kind.in_(words), kind), else_=func.json_extract(document, path))
        return compiler.typed(made, self.sa_type)

    def _on_postgresql(self, compiler: "Compiler", operator: str) -> ColumnElement[Any]:
        document, keys = compiler.build(self.document), self.keys
        if len(keys) > 1:
            name = "jsonb_extract_path_text" if operator == "->>" else "jsonb_extract_path"
            return getattr(func, name)(document, *map(compiler.constant, keys))  # type: ignore[no-any-return]  # by name
        index = index_of(keys[0])
        key = compiler.constant(keys[0] if index is None else index)
        return document.op(operator, precedence=15)(key).self_group()


class KeyTextTransform(KeyTransform):
    """What a key leads to, as text."""

    output_field: Any = TextField()

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the lookup of text."""
        return self.output_field.get_lookup(lookup_name)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the part of the document as text."""
        if compiler.vendor == "postgresql":
            return compiler.typed(self._on_postgresql(compiler, "->>"), Text())
        if compiler.vendor == "mysql":
            return func.json_unquote(func.json_extract(*self.split(compiler)), type_=Text())
        return super().build(compiler)

    @classmethod
    def from_lookup(cls, lookup: str) -> Self:
        """Return the text at a path.

        Args:
            lookup: The field and the keys: ``"data__owner__name"``.
        """
        name, *keys = lookup.split("__")
        if not keys:
            raise ValueError("Lookup must contain key or index transforms.")
        made: Any = name
        for key in keys:
            made = cls(key, made)
        return made  # type: ignore[no-any-return]  # there is a key


KT = KeyTextTransform.from_lookup


class KeyTransformFactory:
    """Makes the transform of a key.

    Args:
        key_name: The key.
    """

    def __init__(self, key_name: str) -> None:
        self.key_name = key_name

    def __call__(self, *args: Any, **kwargs: Any) -> KeyTransform:
        """Return the transform of a document."""
        return KeyTransform(self.key_name, *args, **kwargs)


JSONField.key_transform = KeyTransformFactory
