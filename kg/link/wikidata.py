"""Wikidata as it is today: candidates by its search, what they are by its entity API.

Any wiki that runs Wikibase has the same API.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg.errors import ServiceError, bounded
from kg.http.url import bare
from kg.link.entity import MULTIPLE, item
from kg.link.service import ENTITIES_AGE, SEARCHES_AGE, Passing, Question, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.link.item import Item
    from kg.link.service import Answer, Client

API: Final = "https://www.wikidata.org/w/api.php"
AT_ONCE: Final = 50
"""Items of one request: the API takes no more from those who are not logged in as a bot."""
READ: Final = "en"
"""The language in which the words for sorts and fields are known, whatever that of the texts is."""
MAXLAG: Final = "5"
"""Seconds that its databases may lag behind before work that nobody waits for has to stand back."""
_LONGEST_NAME: Final = 250
"""Characters of a label at most, as Wikibase has it: what is longer is nobody's name."""
_LAST: Final = 2**31 - 1
"""The highest number of an item; with a higher one, the API refuses the others of its batch as well."""
_ID: Final = re.compile(r"Q[1-9][0-9]{0,9}")
_PASSING: Final = re.compile(r"maxlag|ratelimited|readonly|internal_api_error.*|timeout")


class ApiError(ServiceError):
    """The API refuses a request; `code` is its own word for why, `id` the item at fault, if one is."""

    def __init__(self, message: str, *, code: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.code = code
        self.id = id


class WikidataIndex:
    """The items of a Wikibase, as they are now or were when they were last asked for.

    They are searched for and described in some languages, the one of the texts first, and described in
    English as well. `interactive` is for look-ups that somebody waits for: others stand back while the
    servers lag.
    """

    def __init__(
        self,
        client: Client,
        languages: Sequence[str] = ("en",),
        url: str = API,
        *,
        interactive: bool = False,
    ) -> None:
        self.client = client
        self.languages = tuple(languages)
        self.told = tuple(dict.fromkeys((*languages, READ)))
        self.url = url
        self.source = bare(url)
        self.as_of = client.as_of
        self.manners = {} if interactive else {"maxlag": MAXLAG}

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        """The items that may bear each name, in the order of Wikidata's search.

        Raises ServiceError where it fails, ConfigError where nobody may ask it yet.
        """
        ids = {name: self._candidates(name, limit) for name in dict.fromkeys(names)}
        items = self.items(dict.fromkeys(known for found in ids.values() for known in found))
        found: dict[str, list[Item]] = {}
        for name, candidates in ids.items():
            borne = {known.id: known for each in candidates if (known := items[each])}
            found[name] = list(borne.values())
        return found

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        """The items with some ids: a merged one is the item that it was merged into, a deleted one None."""
        found: dict[str, Item | None] = dict.fromkeys(ids)
        unknown = []
        for id_ in found:
            if not _ID.fullmatch(id_) or int(id_[1:]) > _LAST:
                continue
            kept = self.client.known(self._entities([id_]).key, ENTITIES_AGE)
            if kept is None:
                unknown.append(id_)
            else:
                found[id_] = self._item(kept)
        for first in range(0, len(unknown), AT_ONCE):
            for id_, entity in self._fetch(unknown[first : first + AT_ONCE]).items():
                found[id_] = self._item(entity)
                self.client.keep(self._entities([id_]).key, _lean(entity))
        self.as_of = self.client.as_of
        return found

    def _candidates(self, name: str, limit: int) -> list[str]:
        """The ids that a search for a name finds: what begins with it, else what has its words."""
        words = " ".join(name.split())
        if not words or len(words) > _LONGEST_NAME:
            return []
        for language in self.languages:
            parameters = {
                "action": "wbsearchentities",
                "search": words,
                "language": language,
                "uselang": language,
                "type": "item",
                "limit": str(min(limit, AT_ONCE)),
            }
            found = self._ask(parameters, f"the search for {bounded(words, 60)!r}")
            if ids := _ids(found.get("search"), "id"):
                return ids
        parameters = {
            "action": "query",
            "list": "search",
            # A dash before a word, a colon behind one and the like mean something to this search.
            "srsearch": " ".join(re.findall(r"\w+", words)),
            "srnamespace": "0",
            "srlimit": str(min(limit, AT_ONCE)),
        }
        found = self._ask(parameters, f"the search for {bounded(words, 60)!r} in all fields")
        query = found.get("query")
        return _ids(query.get("search") if isinstance(query, dict) else None, "title")

    def _ask(self, parameters: Mapping[str, str], about: str) -> Mapping[str, Any]:
        question = Question(
            url=self.url,
            about=about,
            parameters={**parameters, "format": "json"},
            manners=self.manners,
        )
        found = self.client.ask(question, age=SEARCHES_AGE, judge=self._judge)
        return found if isinstance(found, dict) else {}

    def _entities(self, ids: Sequence[str]) -> Question:
        """The question for what some items are."""
        return Question(
            url=self.url,
            about=f"what {listed(ids)} {'are' if len(ids) > 1 else 'is'}",
            parameters={
                "action": "wbgetentities",
                "ids": "|".join(ids),
                "props": "info|sitelinks|aliases|labels|descriptions|claims",
                "languages": "|".join(dict.fromkeys([*self.told, MULTIPLE])),
                "redirects": "yes",
                "format": "json",
            },
            manners=self.manners,
        )

    def _fetch(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """The entities with some ids; what is said to be none is asked for no more."""
        gone: dict[str, dict[str, Any]] = {}
        while ids:
            try:
                answer = self.client.fetch(self._entities(ids), self._judge)
            except ApiError as error:
                if error.code != "no-such-entity" or error.id not in ids:
                    raise
                gone[error.id] = {"id": error.id, "missing": ""}
                ids = [id_ for id_ in ids if id_ != error.id]
                continue
            entities = answer.data.get("entities") if isinstance(answer.data, dict) else None
            known = entities if isinstance(entities, dict) else {}
            found = {id_: known[id_] for id_ in ids if isinstance(known.get(id_), dict)}
            if len(found) < len(ids):
                raise self._wrong("answers without the items that it was asked for")
            return gone | found
        return gone

    def _judge(self, answer: Answer) -> None:
        """Raise what an error of the API means: it comes with a status that says that all is well."""
        data = answer.data if isinstance(answer.data, dict) else {"error": "no object of JSON"}
        error = data.get("error")
        if error is None:
            return
        error = error if isinstance(error, dict) else {"info": str(error)}
        code = str(error.get("code", "unknown"))
        said = bounded(str(error.get("info", "")), 150)
        if _PASSING.fullmatch(code):
            lag = error.get("lag")
            # Databases that lag by some seconds have to catch up by that much.
            own = float(lag) if isinstance(lag, (int, float)) else None
            raise Passing(
                f"{code}: {said}", after=answer.after if answer.after is not None else own
            )
        where = error.get("id")
        raise ApiError(
            f"{self.source}: refuses: {code}: {said}",
            code=code,
            id=where if isinstance(where, str) else None,
        )

    def _item(self, entity: dict[str, Any]) -> Item | None:
        """The item that an entity describes, if it describes one as Wikibase does."""
        try:
            return item(entity, self.told)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._wrong("answers with an item in a form of its own") from None

    def _wrong(self, what: str) -> ServiceError:
        return ServiceError(
            f"{self.source}: {what}",
            hint="is wikidata_url that of the API of a Wikibase? It ends in api.php",
        )


def _ids(found: object, key: str) -> list[str]:
    """The ids in the hits of a search, each once; other things than items have other letters."""
    hits = found if isinstance(found, list) else []
    ids = (hit.get(key) for hit in hits if isinstance(hit, dict))
    return list(dict.fromkeys(i for i in ids if isinstance(i, str) and _ID.fullmatch(i)))


def _lean(entity: dict[str, Any]) -> dict[str, Any]:
    """An entity without what takes most of the room and nobody reads: qualifiers, references, titles."""
    claims = entity.get("claims")
    sitelinks = entity.get("sitelinks")
    return entity | {
        "claims": {
            stated: [
                {"mainsnak": statement["mainsnak"], "rank": statement.get("rank")}
                for statement in statements
            ]
            for stated, statements in (claims.items() if isinstance(claims, dict) else ())
        },
        "sitelinks": {site: {} for site in (sitelinks if isinstance(sitelinks, dict) else ())},
    }
