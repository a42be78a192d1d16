"""A stored query as data: its parameters, what they stand for in the query, and what its tests expect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = ("iri", "text", "integer", "decimal", "boolean", "lang", "date")
"""The types of parameters by name; any datatype as a CURIE is one too, such as xsd:gYear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable of a query that a parameter stands for, and what it takes of the value.

    `bound` is the end of a date that it takes, `datatype` the datatype of the literal (an IRI), and
    `language` its language tag.
    """

    name: str
    bound: str | None = None
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; `variables` are its names in the query, such as `_actor_iri`."""

    name: str
    variables: tuple[Variable, ...]
    type: str
    class_: str | None = None
    required: bool = False
    default: str | None = None
    enumeration: tuple[str, ...] = ()
    help: str = ""
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What must come back for some values: so many rows (or an answer of ASK), and these among them.

    `has` are rows by columns, with the words of terms as a table shows them.
    """

    values: Mapping[str, str]
    line: int
    rows: int | None = None
    ask: bool | None = None
    has: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuery:
    """A query file; `columns` gives its variables the headings that people see.

    `pagination` is how many rows a page has, `endpoint` the only place to ask it of, `unused` what
    the header says that has no effect here.
    """

    name: str
    sparql: str
    summary: str
    description: str = ""
    question: str | None = None
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    pagination: int | None = None
    endpoint: str | None = None
    unused: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the parameters that have to be given."""
        return tuple(name for name, parameter in self.parameters.items() if parameter.required)

    @property
    def example(self) -> dict[str, str]:
        """Values to try it with: those of the required parameters, or else of one that has an example."""
        given = {
            name: parameter.example
            for name, parameter in self.parameters.items()
            if parameter.example is not None
        }
        if self.required:
            return {name: given[name] for name in self.required if name in given}
        return dict(list(given.items())[:1])

    def call(self, values: Mapping[str, str]) -> str:
        """The command that asks it with some values."""
        import shlex

        words = [f"--{name} {shlex.quote(value)}" for name, value in values.items()]
        return " ".join(["kg query", self.name, *words])
