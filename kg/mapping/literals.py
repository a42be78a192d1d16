"""Numbers and instants as literals, in the forms that Oxigraph writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.vocab import XSD

if TYPE_CHECKING:
    from decimal import Decimal


def integer(number: int) -> Literal:
    """An xsd:integer in its canonical form."""
    return Literal(str(number), datatype=XSD.integer)


def decimal(number: Decimal) -> Literal:
    """An xsd:decimal in the form that Oxigraph writes.

    >>> from decimal import Decimal
    >>> decimal(Decimal("0.90")).value
    '0.9'
    """
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Literal("0" if text in {"-0", ""} else text, datatype=XSD.decimal)


def number(value: Decimal) -> Literal:
    """An xsd:integer where the number is whole, an xsd:decimal otherwise."""
    return integer(int(value)) if value == value.to_integral_value() else decimal(value)


def instant(lexical: str) -> Literal:
    """An xsd:dateTime."""
    return Literal(lexical, datatype=XSD.dateTime)
