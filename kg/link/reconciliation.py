"""Any service that speaks the Reconciliation API: the final report 0.2, or the draft of 1.0.

What a candidate is besides its name and its types, services tell by data extension, where they have it.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import orjson

from kg.edtf import bounds
from kg.errors import ServiceError, bounded
from kg.http.url import bare
from kg.link.item import Item
from kg.link.kinds import sorts
from kg.link.manifest import MOST, Manifest, as_array, as_object, below, iri_of, read
from kg.link.service import ENTITIES_AGE, SEARCHES_AGE, Passing, Question, TooLongError, listed
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from kg.link.service import Answer, Client

ROLES: Final = {
    "alias": "alias|aliases|also known as|alternate name|alternative label|alternative name"
    "|alternative names|altlabel|other name|other names|synonym|synonyms|variant name|variant names",
    "description": "definition|description|scope note|short description|summary",
    "born": "birth date|birthdate|born|date of birth",
    "died": "date of death|death date|deathdate|died",
}
"""What properties have to be called, so that a property found by its name is taken for what it says."""
_PREFIXES: Final = "alias also alt other synonym variant description definition date birth death"
_WIKIDATA: Final = {"born": "P569", "died": "P570", "began": "P571", "ended": "P576"}
"""On Wikidata's services no property has to be looked for: labels are Len, aliases Aen, descriptions Den."""
_DATE: Final = re.compile(r"(-?[0-9]{4,}-[0-9]{2}-[0-9]{2})(T.*)?")


class ReconciliationIndex:
    """The items of a reconciliation service, the one in the language of the texts if it has several.

    Its manifest is read when the first thing is asked for.
    """

    def __init__(self, client: Client, url: str, languages: Sequence[str] = ("en",)) -> None:
        self.client = client
        self.url = url
        self.source = bare(url)
        self.languages = tuple(languages)
        self.as_of = client.as_of

    @cached_property
    def manifest(self) -> Manifest:
        """What the service says of itself; ServiceError where that is no manifest, or of a version unknown."""
        question = Question(url=self.url, about="its manifest")
        return read(self.client.ask(question, age=SEARCHES_AGE, judge=self._judge), self.url)

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        """The items that may bear each name, in the order of the service.

        Raises ServiceError where it fails, ConfigError where nobody may ask it yet.
        """
        wanted = [name for name in dict.fromkeys(names) if name.strip()]
        queries = [self._query(name, limit, "name") for name in wanted]
        found = dict(zip(wanted, self._match(queries, SEARCHES_AGE), strict=True))
        known = self._described([each for some in found.values() for each in some])
        self.as_of = self.client.as_of
        return {name: [known[each.id] for each in found.get(name, ())][:limit] for name in names}

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        """The items with some ids, None for those that the service does not find."""
        wanted = list(dict.fromkeys(ids))
        queries = [self._query(id_, 5, "id") for id_ in wanted]
        found: dict[str, Item | None] = dict.fromkeys(wanted)
        for id_, some in zip(wanted, self._match(queries, ENTITIES_AGE), strict=True):
            # In 1.0 an id that was merged finds what it was merged into; in 0.2 it is words like others.
            same = [each for each in some if each.id == id_]
            if same or (self.manifest.draft and len(some) == 1):
                found[id_] = (same or some)[0]
        known = self._described([each for each in found.values() if each])
        self.as_of = self.client.as_of
        return {id_: known[each.id] if each else None for id_, each in found.items()}

    def _query(self, words: str, limit: int, kind: str) -> dict[str, Any]:
        if self.manifest.draft:
            condition = {"matchType": kind, "propertyValue": words}
            return {"conditions": [condition], "limit": limit}
        return {"query": words, "limit": limit}

    def _match(self, queries: Sequence[dict[str, Any]], age: timedelta) -> list[list[Item]]:
        """The candidates of each query. Each answer is kept by itself, for the next batch is another."""
        answers: dict[int, Any] = {}
        for i, query in enumerate(queries):
            if (kept := self.client.known(self._batch([query]).key, age)) is not None:
                answers[i] = kept
        unknown = [i for i in range(len(queries)) if i not in answers]
        first, size = 0, self.manifest.batch
        while part := unknown[first : first + size]:
            try:
                answer = self.client.fetch(self._batch([queries[i] for i in part]), self._judge)
            except TooLongError:
                if len(part) == 1:
                    raise
                size = len(part) // 2
                continue
            for i, result in zip(part, self._results(answer.data, len(part)), strict=True):
                self.client.keep(self._batch([queries[i]]).key, result)
                answers[i] = result
            first += len(part)
        return [list(self._candidates(answers[i])) for i in range(len(queries))]

    def _batch(self, queries: Sequence[dict[str, Any]]) -> Question:
        words = [
            repr(bounded(query.get("query") or query["conditions"][0]["propertyValue"], 60))
            for query in queries
        ]
        about = f"the search for {listed(words)}"
        if self.manifest.draft:
            return self._post("match", {"queries": queries}, about)
        named = {f"q{i}": query for i, query in enumerate(queries)}
        return self._form("queries", named, about)

    def _post(self, route: str, data: object, about: str) -> Question:
        return Question(
            url=below(self.url, route),
            about=about,
            body=("application/json", orjson.dumps(data)),
            headers=self._headers(),
        )

    def _form(self, name: str, data: object, about: str) -> Question:
        return Question(
            url=self.url,
            about=about,
            form={name: orjson.dumps(data).decode()},
            headers=self._headers(),
        )

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": ", ".join(self.languages)}

    def _results(self, data: Any, expected: int) -> list[Any]:
        """The candidates in an answer, for each query in order."""
        key, found = "result", None
        if self.manifest.draft:
            key, found = "candidates", as_object(data).get("results")
        elif isinstance(data, dict):
            found = [data.get(f"q{i}") for i in range(expected)]
        if not isinstance(found, list) or len(found) != expected or None in found:
            raise self._wrong("answers with fewer results than there were queries")
        results = [as_object(each).get(key) for each in found]
        if not all(isinstance(each, list) for each in results):
            raise self._wrong("answers with what are no candidates")
        return results

    def _candidates(self, result: Any) -> Iterator[Item]:
        """The candidates of a result as items, each once; what has no id or no name is none."""
        seen = set()
        for each in map(as_object, result):
            id_, name = each.get("id"), each.get("name")
            if not isinstance(id_, str) or not isinstance(name, str) or not name or id_ in seen:
                continue
            iri = iri_of(self.manifest.iri, id_)
            if iri is None:
                continue
            seen.add(id_)
            types = each.get("type")
            classes = [_class(each) for each in as_array(types)]
            description = each.get("description")
            language = self.languages[0]
            yield Item(
                id=id_,
                iri=iri,
                labels={language: name},
                descriptions={language: description} if isinstance(description, str) else {},
                classes=tuple(class_ for class_ in classes if class_ is not None),
            )

    def _described(self, items: Sequence[Item]) -> dict[str, Item]:
        """Items by their ids, with what data extension tells of them."""
        known = {each.id: each for each in items}
        roles = self._roles() if known and self.manifest.extends else {}
        if not roles:
            return known
        answers: dict[str, Any] = {}
        for id_ in known:
            kept = self.client.known(self._extension([id_], roles).key, ENTITIES_AGE)
            if kept is not None:
                answers[id_] = kept
        unknown = [id_ for id_ in known if id_ not in answers]
        for first in range(0, len(unknown), MOST):
            part = unknown[first : first + MOST]
            rows = self._rows(self.client.fetch(self._extension(part, roles), self._judge).data)
            for id_ in part:
                answers[id_] = rows.get(id_, {})
                self.client.keep(self._extension([id_], roles).key, answers[id_])
        return {id_: _with(each, as_object(answers[id_]), roles) for id_, each in known.items()}

    def _extension(self, ids: Sequence[str], properties: Mapping[str, str]) -> Question:
        data = {"ids": ids, "properties": [{"id": known} for known in properties]}
        about = f"what {listed(ids)} {'are' if len(ids) > 1 else 'is'}"
        return (
            self._post("extend", data, about)
            if self.manifest.draft
            else self._form("extend", data, about)
        )

    def _rows(self, data: Any) -> dict[str, dict[str, list[Any]]]:
        """The values that an extension tells, by item and property."""
        rows = as_object(data).get("rows")
        if isinstance(rows, list):  # as in 1.0
            return {
                str(row.get("id")): {
                    str(each.get("id")): as_array(each.get("values"))
                    for each in map(as_object, as_array(row.get("properties")))
                }
                for row in map(as_object, rows)
            }
        if not isinstance(rows, dict):
            raise self._wrong("answers with what are no rows")
        return {
            id_: {known: as_array(values) for known, values in as_object(row).items()}
            for id_, row in rows.items()
        }

    def _roles(self) -> dict[str, str]:
        """The properties that tell what we want to know, with what that is and its language."""
        if self.manifest.iri.startswith(WIKIDATA):
            texts = {
                f"{letter}{language}": f"{role} {language}"
                for language in self.languages
                for letter, role in (("L", "label"), ("A", "alias"), ("D", "description"))
            }
            return texts | {known: role for role, known in _WIKIDATA.items()}
        if self.manifest.suggest is None:
            return {}
        found: dict[str, str] = {}
        names = {name: role for role, all_ in ROLES.items() for name in all_.split("|")}
        for prefix in _PREFIXES.split():
            question = Question(
                url=self.manifest.suggest,
                about=f"its properties that begin with {prefix!r}",
                parameters={"prefix": prefix},
                headers=self._headers(),
            )
            answer = self.client.ask(question, age=ENTITIES_AGE, judge=self._judge)
            for each in map(as_object, as_array(as_object(answer).get("result"))):
                role = names.get(" ".join(str(each.get("name", "")).lower().split()))
                if role and isinstance(each.get("id"), str):
                    language = f" {self.languages[0]}" if role in {"alias", "description"} else ""
                    found.setdefault(each["id"], role + language)
        return found

    def _judge(self, answer: Answer) -> None:
        """Raise what an error means that comes with a status that says that all is well."""
        data = answer.data
        if isinstance(data, dict) and data.get("status") == "error":
            said = bounded(str(data.get("message", "")), 150)
            if answer.after is not None:
                raise Passing(said or "an error", after=answer.after)
            raise self._wrong(f"refuses: {said}")

    def _wrong(self, what: str) -> ServiceError:
        return ServiceError(
            f"{self.source}: {what}", hint="is it a reconciliation service, and is it well?"
        )


def _class(told: object) -> str | None:
    """What a service says that something is: by its id if that is known here, else by its name."""
    if not isinstance(told, dict):
        return told if isinstance(told, str) else None
    id_, name = told.get("id"), told.get("name")
    if isinstance(id_, str) and (sorts(id_) or not isinstance(name, str)):
        return id_
    return name if isinstance(name, str) else None


def _with(item: Item, row: Mapping[str, Any], roles: Mapping[str, str]) -> Item:
    """An item with what data extension tells of it."""
    labels, descriptions = dict(item.labels), dict(item.descriptions)
    aliases = dict(item.aliases)
    dates: dict[str, str] = {}
    for known, stated in roles.items():
        role, _, language = stated.partition(" ")
        for value in map(as_object, as_array(row.get(known))):
            if not language:
                if date := _date(value):
                    dates.setdefault(role, date)
                continue
            text = next((t for k in ("str", "name") if isinstance(t := value.get(k), str)), "")
            if not text:
                continue
            if role == "alias":
                aliases[language] = tuple(dict.fromkeys([*aliases.get(language, ()), text]))
            else:
                (labels if role == "label" else descriptions)[language] = text
    return Item(
        id=item.id,
        iri=item.iri,
        labels=labels,
        aliases=aliases,
        descriptions=descriptions,
        classes=item.classes,
        born=dates.get("born"),
        died=dates.get("died"),
        began=dates.get("began"),
        ended=dates.get("ended"),
    )


def _date(value: Mapping[str, Any]) -> str | None:
    """The EDTF date of a value; the first of January is taken for its year, as services have no precision.

    >>> _date({"date": "1952-10-07T00:00:00Z"}), _date({"date": "1952-01-01T00:00:00Z"}), _date({"str": "?"})
    ('1952-10-07', '1952', None)
    """
    stated = value.get("date", value.get("str"))
    found = _DATE.fullmatch(stated) if isinstance(stated, str) else None
    date = found[1].removesuffix("-01-01") if found else stated
    try:
        bounds(date if isinstance(date, str) else "")
    except ValueError:
        return None
    return str(date)
