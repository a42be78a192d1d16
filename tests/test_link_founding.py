"""The founding corpus against lists: all with evidence linked to their items, the traps left alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kg import annotation
from kg.link.item import Item, Wanted
from kg.link.scoring import resolve
from kg.model import Span
from kg.vocab import WIKIDATA
from tests import link_lists

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.link.item import Resolution
    from kg.model import Kind, ThingType
    from kg.workspace import Workspace

AROUND = 40

# What the list of evidence calls an entity, and its id in the register, whose label is looked for. What
# the register has not is looked for by its name, as of the type that it would have there.
REGISTERED = {
    "Japan": "japan",
    "North Korea": "north-korea",
    "South Korea": "south-korea",
    "United States": "united-states",
    "Kim Jong-il": "kim-jong-il",
    "Kim Jong Un": "kim-jong-un",
    "Junichiro Koizumi": "junichiro-koizumi",
    "Shinzo Abe": "shinzo-abe",
    "Taro Kono": "taro-kono",
    "Mike Pompeo": "mike-pompeo",
    "Tokyo": "tokyo",
    "Sydney": "sydney",
    "Pyongyang": "pyongyang",
    "U.S. Department of State": "us-state-department",
    "Hankook Ilbo": "hankook-ilbo",
    "Kang Kyung-wha": "kang-kyung-wha",
    "David Sneddon": "david-sneddon",
    "Malcolm Cook (Lowy Institute)": "malcolm-cook",
    "Yomiuri Shimbun": "yomiuri-shimbun",
    "North Korean abductions of Japanese citizens": "abduction-issue",
    "U.S.-Japan Alliance": "us-japan-alliance",
    "2018 North Korea-United States summit": "us-north-korea-summit",
    "Stockholm Agreement (2014, Japan-DPRK)": "stockholm-agreement",
    "Prime Minister's Office of Japan (Kantei)": "japan-prime-ministers-office",
}
NAMED: Mapping[str, tuple[str, ThingType, Kind | None]] = {
    "Seoul": ("Seoul", "place", None),
    "Prime Minister of Japan (the office)": ("Prime Minister of Japan", "topic", None),
    "Korean Central News Agency": ("Korean Central News Agency", "actor", "media"),
    "Yonhap News Agency": ("Yonhap News Agency", "actor", "media"),
    "Singapore (state)": ("Singapore", "actor", "state"),
    "Lowy Institute": ("Lowy Institute", "actor", "research-organisation"),
    "The Diplomat (magazine)": ("The Diplomat", "actor", "media"),
    "Six-party talks": ("Six-party talks", "event", None),
}
NAMESAKES = [
    ("Q900000001", "David Sneddon", "Scottish singer and songwriter"),
    ("Q900000009", "Malcolm Cook", "Scottish footballer"),
    ("Q900000005", "Stockholm", "capital of Sweden"),
    ("Q900000008", "Cook", "family name"),
]
"""Items of no list that bear the names of traps, so that leaving these alone is no matter of luck."""


@pytest.fixture(scope="module")
def resolved(built: Workspace, shared: Path, seeds: Path) -> dict[str, Resolution]:
    """What comes of every entity of the list of evidence."""
    if not (shared / "data" / "politicians").is_dir():
        pytest.skip("the lists are not here")
    known = link_lists.items(shared / "data")
    for entity, id_ in link_lists.evidence(shared / "data").items():
        label = entity.partition(" (")[0]
        if id_ is not None and id_ not in known:
            known[id_] = Item(id=id_, iri=WIKIDATA + id_, labels={"en": label})
    for id_, label, description in NAMESAKES:
        known[id_] = Item(
            id=id_, iri=WIKIDATA + id_, labels={"en": label}, descriptions={"en": description}
        )
    index = link_lists.Memory(known.values())
    register = built.register()
    seen = _around(built, seeds)
    found = {}
    for entity in (*REGISTERED, *NAMED):
        if entity in REGISTERED:
            ref = REGISTERED[entity]
            thing = (register.label(ref), register.kinds[ref], register.kind(ref))
        else:
            ref, thing = "", NAMED[entity]
        asked = Wanted(
            id=f"id/{ref or entity}",
            names=(thing[0],),
            type=thing[1],  # type: ignore[arg-type]  # the register has no others
            kind=thing[2],  # type: ignore[arg-type]  # the same
            context=seen.get(ref, frozenset().union(*seen.values())),
        )
        found[entity] = resolve(asked, index.search(asked.names)[asked.names[0]])
    return found


def _around(workspace: Workspace, seeds: Path) -> dict[str, frozenset[str]]:
    """The words around the mentions of every entry, in both articles."""
    found: dict[str, set[str]] = {}
    kinds = workspace.register().kinds
    for file in sorted(workspace.articles.glob("*.yaml")):
        article = annotation.read(file.read_bytes(), file.name, text=lambda _: None, kinds=kinds)
        text = (seeds / str(article.text.file)).read_text("utf-8")
        for mention in article.mentions:
            if isinstance(mention.span, Span):
                before = re.findall(r"\w+", text[: mention.span.start].lower())[-AROUND:]
                after = re.findall(r"\w+", text[mention.span.end :].lower())[:AROUND]
                found.setdefault(str(mention.of), set()).update(before, after)
    return {ref: frozenset(words) for ref, words in found.items()}


def test_every_entity_of_the_list_is_looked_for(shared: Path) -> None:
    listed = link_lists.evidence(shared / "data")
    assert listed.keys() == REGISTERED.keys() | NAMED.keys()
    assert (len(listed), sum(id_ is None for id_ in listed.values())) == (32, 12)


def test_what_has_evidence_is_linked_to_its_item(
    resolved: dict[str, Resolution], shared: Path
) -> None:
    for entity, id_ in link_lists.evidence(shared / "data").items():
        if id_ is not None:
            found = resolved[entity]
            assert found.nil is None, (entity, found.nil)
            assert found.candidates[0].item.id == id_, entity


def test_traps_are_left_alone(resolved: dict[str, Resolution], shared: Path) -> None:
    for entity, id_ in link_lists.evidence(shared / "data").items():
        if id_ is None:
            assert resolved[entity].nil, entity
