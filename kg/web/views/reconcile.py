"""The reconciliation services: matching tables of others to the register, or to an index of items.

There is one root for each set of entities and each version of the API, since no manifest can be that
of both: what 0.2 has as an object, the draft of 1.0 has as true or false.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from kg import __version__
from kg.analysis import feature_word
from kg.errors import NotFoundError
from kg.names import brief, fold
from kg.vocab import ONTOLOGY
from kg.web.pages.html import page as html
from kg.web.readers.reply import Refused, Reply, as_json
from kg.web.reconcile.batch import (
    BATCH,
    LIMIT,
    MOST,
    an_array,
    an_object,
    draft_batch,
    final_batch,
    parsed,
)
from kg.web.reconcile.matching import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.link.item import Item
    from kg.web.readers.reading import Reading
    from kg.web.reconcile.batch import Query
    from kg.web.reconcile.entities import Entities, Term, Value
    from kg.web.reconcile.matching import Match

VERSIONS: Final = ("0.2", "1.0-draft")
WIDTH: Final = 420
HEIGHT: Final = 260
"""Pixels of a preview: two lines of names, and five facts."""
POLICY: Final = "; ".join(
    ("default-src 'none'", "style-src 'self'", "base-uri 'none'", "form-action 'none'",
     "frame-ancestors *")
)  # fmt: skip
"""Previews are made to be shown in the pages of others; they do nothing but link."""


def entities(reading: Reading, source: str) -> Entities:
    """The entities of a service, `register` or `items`; NotFoundError where there is no index of items."""
    return reading.once(_entities, source)


def _entities(reading: Reading, source: str) -> Entities:
    if source == "register":
        from kg.web.reconcile.registered import RegisterEntities

        return RegisterEntities(reading)
    from kg.web.reconcile.indexed import ItemEntities

    return ItemEntities.of(reading)


def manifest(reading: Reading, *, source: str, draft: bool, site: str, root: str) -> Reply:
    """What a service says of itself; `root` is its address, `site` that of the server."""
    known = entities(reading, source)
    view = known.view if "://" in known.view else f"{site}{known.view}"
    defaults = [each for each in known.types if not each.above]
    told: dict[str, Any] = {
        "versions": list(VERSIONS[1:] if draft else VERSIONS),
        "name": known.title,
        "identifierSpace": known.space,
        "schemaSpace": ONTOLOGY.value,
        "documentation": f"{site}docs",
        "serviceVersion": __version__,
        "defaultTypes": [_type(known, each) for each in defaults],
        "batchSize": BATCH,
        "standardizedScore": True,
    }
    if draft:
        told |= {
            "lang": "en",
            "view": {"url": view.replace("{}", "{+id}")},
            "preview": {"width": WIDTH, "height": HEIGHT},
            "suggest": {"entity": True, "property": True, "type": True},
            "extend": {"proposeProperties": True, "propertySettings": []},
        }
    else:
        suggest = {
            kind: {
                "service_url": root,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": root,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        }
        preview = {"url": f"{root}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT}
        propose = {"service_url": root, "service_path": "/extend/propose"}
        told |= {
            "view": {"url": view.replace("{}", "{{id}}")},
            "preview": preview,
            "suggest": suggest,
            "extend": {"propose_properties": propose, "property_settings": []},
        }
    return _json(told)


# ---- matching -----------------------------------------------------------------------------------


def queried(reading: Reading, *, source: str, queries: str, languages: Sequence[str]) -> Reply:
    """The candidates of a batch of 0.2."""
    asked = final_batch(queries)
    return _json(
        {
            key: {"result": _candidates(reading, source, query, languages, draft=False)}
            for key, query in asked.items()
        }
    )


def matched(reading: Reading, *, source: str, body: bytes, languages: Sequence[str]) -> Reply:
    """The candidates of a batch of the draft of 1.0."""
    return _json(
        {
            "results": [
                {"candidates": _candidates(reading, source, query, languages, draft=True)}
                for query in draft_batch(body)
            ]
        }
    )


def _candidates(
    reading: Reading, source: str, query: Query, languages: Sequence[str], *, draft: bool
) -> list[dict[str, Any]]:
    known = entities(reading, source)
    found = matches(known, query, accept=reading.workspace.settings.link_accept)
    types = known.types_of([match.item for match in found])
    return [
        {
            **_entity(match.item, languages),
            "score": round(100 * match.score, 1),
            "match": match.taken,
            "type": [{"id": each.id, "name": each.name} for each in types[match.item.id]],
            "features": [_feature(known, name, value, draft) for name, value in _told(match)],
        }
        for match in found
    ]


def _told(match: Match) -> Iterable[tuple[str, float | bool]]:
    """The features of a candidate; those that are always the same without a context are left out."""
    return ((name, value) for name, value in match.features.items() if name != "context")


def _feature(known: Entities, name: str, value: float | bool, draft: bool) -> dict[str, Any]:
    feature = {
        "id": feature_word(name),
        "value": value if isinstance(value, bool) else round(value, 3),
    }
    if not draft:
        return feature
    property_ = name.removeprefix("property:")
    named = {each.id: f"agrees in: {each.name}" for each in known.properties}
    told = feature_word(name) if property_ == name else named.get(property_, property_)
    return feature | {"name": told}


def _entity(item: Item, languages: Sequence[str]) -> dict[str, Any]:
    """An entity by its id, its name and what it is described as."""
    found = {"id": item.id, "name": item.label(*languages, "en", "mul")}
    description = item.description(*languages, "en", "mul")
    return found | ({"description": description} if description else {})


# ---- suggesting ---------------------------------------------------------------------------------


def suggested(
    reading: Reading,
    *,
    source: str,
    kind: str,
    prefix: str,
    limit: int | None,
    offset: int,
    languages: Sequence[str],
) -> Reply:
    """What somebody who has begun to type an entity, a property or a type may mean."""
    known = entities(reading, source)
    size = min(limit or LIMIT, MOST)
    if kind != "entity":
        some = known.types if kind == "type" else known.properties
        found = [each for each in some if _begins(each, prefix)][offset : offset + size]
        return _json(
            {
                "result": [
                    _type(known, each) if kind == "type" else _property(each) for each in found
                ]
            }
        )
    items = list(known.starting(prefix, limit=min(offset, _FURTHEST) + size))[offset:]
    types = known.types_of(items)
    return _json(
        {
            "result": [
                {
                    **_entity(item, languages),
                    "notable": [{"id": each.id, "name": each.name} for each in types[item.id]],
                }
                for item in items
            ]
        }
    )


_FURTHEST: Final = 500
"""Suggestions that can be gone through."""


def _begins(term: Term, prefix: str) -> bool:
    """Whether a name, a word of it or an id begins so.

    The name of `also known as` begins with `also`.
    """
    wanted = fold(prefix)
    name = fold(term.name)
    return name.startswith(wanted) or f" {wanted}" in name or fold(term.id).startswith(wanted)


def _type(known: Entities, term: Term) -> dict[str, Any]:
    above = [each for each in known.types if each.id in term.above]
    found = _property(term)
    return found | ({"broader": [_property(each) for each in above]} if above else {})


def _property(term: Term) -> dict[str, Any]:
    found = {"id": term.id, "name": term.name}
    return found | ({"description": term.description} if term.description else {})


def flyout(
    reading: Reading,
    *,
    source: str,
    kind: str,
    id_: str,
    languages: Sequence[str],
) -> Reply:
    """What is shown beside a suggestion."""
    known = entities(reading, source)
    if kind == "entity":
        item = _item(known, id_)
        name, about = item.label(*languages, "en", "mul"), item.description(*languages, "en", "mul")
    else:
        some = known.types if kind == "type" else known.properties
        named = next((each for each in some if each.id == id_), None)
        if named is None:
            raise NotFoundError(f"there is no {kind} {brief(id_)}")
        name, about = named.name, named.description
    text = f"<p><strong>{escape(name)}</strong> <code>{escape(id_)}</code></p>"
    return _json({"id": id_, "html": text + (f"<p>{escape(about)}</p>" if about else "")})


def preview(
    reading: Reading,
    *,
    source: str,
    id_: str,
    here: str,
    site: str,
    languages: Sequence[str],
) -> Reply:
    """A small page about an entity, to be shown in those of others."""
    known = entities(reading, source)
    item = _item(known, id_)
    view = known.view if "://" in known.view else f"{site}{known.view}"
    names = {each.id: each.name for each in known.properties}
    told = known.values([item.id], list(names))[item.id]
    return html(
        reading,
        "preview.html",
        here=here,
        headers={"Content-Security-Policy": POLICY},
        address=view.replace("{}", item.id),
        id=item.id,
        name=item.label(*languages, "en", "mul"),
        types=[each.name for each in known.types_of([item])[item.id]],
        facts=[
            (names[property_], [each for each in map(_said, values) if each][:_FACTS])
            for property_, values in told.items()
            if values
        ],
    )


_FACTS: Final = 5
"""Values of a property that a preview has room for."""


def _said(value: Value) -> str:
    date = value.get("date")
    return str(value.get("name") or value.get("str") or (date or "").partition("T")[0])


def _item(known: Entities, id_: str) -> Item:
    found = known.known([id_]).get(id_)
    if found is None:
        raise NotFoundError(f"there is no entity {brief(id_)} here")
    return found


# ---- extending ----------------------------------------------------------------------------------


def extended(reading: Reading, *, source: str, query: bytes | str, draft: bool) -> Reply:
    """What is known of some entities: the values of some properties."""
    data = an_object(parsed(query, "extend"), "extend")
    ids = [_text(each, "ids") for each in an_array(data.get("ids"), "ids")]
    stated = [
        an_object(each, "properties") for each in an_array(data.get("properties"), "properties")
    ]
    properties = list(dict.fromkeys(_text(each.get("id"), "properties.id") for each in stated))
    if len(ids) > _ROWS or len(properties) > MOST:
        raise Refused(413, f"a request may name {_ROWS} entities and {MOST} properties here")
    known = entities(reading, source)
    names = {each.id: each.name for each in known.properties}
    items = known.known(ids)
    told = known.values([item.id for item in items.values()], properties)
    rows = {
        id_: {
            name: [
                _value(value, draft)
                for value in (told[items[id_].id][name] if id_ in items else ())
            ]
            for name in properties
        }
        for id_ in ids
    }
    meta = [{"id": name, "name": names.get(name, name)} for name in properties]
    if not draft:
        return _json({"meta": meta, "rows": rows})
    listed = [
        {"id": id_, "properties": [{"id": name, "values": some} for name, some in row.items()]}
        for id_, row in rows.items()
    ]
    return _json({"meta": meta, "rows": listed})


_ROWS: Final = 1_000
"""Entities of one request: OpenRefine asks for ten rows at a time, others for a whole column."""


def _value(value: Value, draft: bool) -> Value:
    """A value; 0.2 has no languages."""
    return value if draft else {key: each for key, each in value.items() if key != "lang"}


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise Refused(400, f"{place}: expected texts")
    return value


def proposed(reading: Reading, *, source: str, type_: str, limit: int | None) -> Reply:
    """The properties that are worth asking for."""
    known = entities(reading, source)
    some = [_property(each) for each in known.properties]
    told: Mapping[str, Any] = {"type": type_, "properties": some[:limit]}
    return _json({**told, "limit": limit} if limit is not None else told)


def _json(content: Mapping[str, Any]) -> Reply:
    return Reply(body=as_json(content), media_type="application/json")
