"""Strings of a fixed form, checked when they are made and wherever they come from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    import re
    from collections.abc import Callable


class Checked(str):
    """A string of a fixed form; making one of another form raises ValueError.

    pydantic makes one of any text that it reads, and its JSON Schema has the form as `pattern`.
    """

    __slots__ = ()
    form: ClassVar[re.Pattern[str]]
    expected: ClassVar[str]

    def __new__(cls, value: str) -> Self:
        """Check the form; ValueError says what is expected."""
        if not cls.form.fullmatch(value):
            raise ValueError(f"expected {cls.expected}")
        return super().__new__(cls, value)

    @classmethod
    def from_outside(cls, value: object) -> object:
        """What a value of YAML or JSON is taken for before it is checked."""
        return value

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: Callable[..., Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(
            cls.from_outside,
            core_schema.no_info_after_validator_function(cls, core_schema.str_schema()),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Callable[..., Any]) -> Any:
        return handler(schema) | {"pattern": f"^(?:{cls.form.pattern})$"}
