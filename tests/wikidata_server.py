"""A Wikidata on loopback: its API, its query service and reconciliation services, and their bad days.

::

    with wikidata(faults=[busy(after="1")]) as server:
        WikidataIndex(Client("me@example.org"), url=server.api)

It has the items of `tests.wikidata_items.world`, or those that it is given. What it answers has the form
of the real answers, as far as `kg` or a test looks at it.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox

from tests.wikidata_items import DELETED, REDIRECTS, world
from tests.wikidata_rdf import graph
from tests.wikidata_reconciliation import Authority, Draft, Reconciler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

AGENT = re.compile(r"newskg/[0-9.]+\S* \(\S.*\)")
JSON = "application/json; charset=utf-8"
HELP = "See the help of the API for its usage."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer: `length` is what it says of its size, -1 for nothing and None for the truth.

    `pause` lies between any two bytes of it; with `silent` none comes before the test is over, and with
    `raw` these bytes come instead of HTTP.
    """

    status: int = 200
    media: str | None = JSON
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    pause: float = 0
    silent: bool = False
    raw: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A reply that takes the place of the right one, so many times, where the path begins so.

    With `lags` only those get it who ask for it by maxlag.
    """

    reply: Reply
    times: int = 1
    path: str = "/"
    lags: bool = False


def plain(data: Any, **more: Any) -> Reply:
    """A reply in JSON."""
    return Reply(body=json.dumps(data, ensure_ascii=False).encode(), **more)


def busy(after: str | None = None, *, status: int = 429, times: int = 1, path: str = "/") -> Fault:
    """Too many requests, or a server that is down for a while; Retry-After as it is given."""
    headers = {"Retry-After": after} if after is not None else {}
    reply = Reply(status=status, media="text/html", body=b"<p>Too many.</p>", headers=headers)
    return Fault(reply=reply, times=times, path=path)


def lagging(after: str | None = "5", *, lag: float = 6.2, times: int = 1) -> Fault:
    """Databases that lag behind: an error of the API, with the status 200."""
    said = f"Waiting for all: {lag} seconds lagged."
    error = {"code": "maxlag", "info": said, "host": "all", "lag": lag, "*": HELP}
    headers = {"Retry-After": after, "X-Database-Lag": "6"} if after is not None else {}
    return Fault(reply=plain({"error": error}, headers=headers), times=times, lags=True)


def refusing(code: str, info: str, *, times: int = 1) -> Fault:
    """An error of the API of some other kind."""
    return Fault(reply=plain({"error": {"code": code, "info": info, "*": HELP}}), times=times)


def silent(times: int = 1, path: str = "/") -> Fault:
    """Nothing comes."""
    return Fault(reply=Reply(silent=True), times=times, path=path)


def forbidden(times: int = 1) -> Fault:
    """Locked out."""
    return Fault(reply=Reply(status=403, media="text/plain", body=b"Go away."), times=times)


def page(times: int = 1, status: int = 200) -> Fault:
    """A web page in the place of an answer, as networks with a log-in send it."""
    body = b"<!DOCTYPE html><title>Welcome to the hotel</title><p>Please log in."
    return Fault(reply=Reply(status=status, media="text/html", body=body), times=times)


def moved(to: str, status: int = 302, times: int = 1) -> Fault:
    """A redirect."""
    return Fault(reply=Reply(status=status, headers={"Location": to}), times=times)


def half(times: int = 1) -> Fault:
    """An answer that breaks off before the length that it announced."""
    return Fault(reply=Reply(body=b'{"entities": {"Q90', length=4000), times=times)


def garbled(times: int = 1, body: bytes = b'{"entities": {"Q90') -> Fault:
    """JSON that is none, though all of it came."""
    return Fault(reply=Reply(body=body), times=times)


def dropped(times: int = 1) -> Fault:
    """The connection is closed without a word."""
    return Fault(reply=Reply(raw=b""), times=times)


def huge(size: int, times: int = 1) -> Fault:
    """An answer of so many bytes."""
    return Fault(reply=Reply(body=b" " * size), times=times)


def dripping(pause: float, times: int = 1) -> Fault:
    """An answer of which a byte comes now and then."""
    return Fault(reply=Reply(body=b"{}" + b" " * 1000, pause=pause), times=times)


class Wikidata:
    """The server: its addresses, its items, what was asked, how many asked at one time."""

    def __init__(
        self,
        entities: Iterable[dict[str, Any]],
        faults: Iterable[Fault],
        redirects: Mapping[str, str],
    ) -> None:
        self.entities = {entity["id"]: entity for entity in entities}
        self.redirects = dict(redirects)
        self.faults: list[tuple[Fault, int]] = []
        self.fail(*faults)
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self.takes = 0.0  # seconds before an answer
        self.url = ""
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.reconcilers: dict[str, Reconciler] = {}

    @property
    def api(self) -> str:
        return f"{self.url}/w/api.php"

    @property
    def sparql(self) -> str:
        return f"{self.url}/sparql"

    @property
    def reconcile(self) -> str:
        """A service of version 0.2 over the items."""
        return f"{self.url}/reconcile"

    @property
    def draft(self) -> str:
        """The same in the draft of 1.0."""
        return f"{self.url}/draft"

    @property
    def authority(self) -> str:
        """A service of another authority, with properties of its own: version 0.2."""
        return f"{self.url}/authority"

    def counted(self) -> Counter[str]:
        """How often each action, or path where there is none, was asked for."""
        return Counter(each.parameters.get("action", each.path) for each in self.asked)

    @cached_property
    def store(self) -> ox.Store:
        return graph(self.entities.values())

    def fail(self, *faults: Fault) -> None:
        """Have further faults from now on, behind those that are still to come."""
        self.faults += [(fault, fault.times) for fault in faults]

    def reply(self, asked: Asked) -> Reply:
        """The answer to a request, or the fault whose turn it is."""
        with self.lock:
            for i, (fault, left) in enumerate(self.faults):
                applies = not fault.lags or "maxlag" in asked.parameters
                if left and applies and asked.path.startswith(fault.path):
                    self.faults[i] = (fault, left - 1)
                    return fault.reply
        if not AGENT.fullmatch(asked.headers.get("User-Agent", "")):
            return Reply(status=403, media="text/plain", body=b"Tell us who you are.")
        if asked.path == "/w/api.php":
            return self._action(asked.parameters)
        if asked.path == "/sparql":
            return self._query(asked)
        service, _, route = asked.path[1:].partition("/")
        if service in self.reconcilers:
            given = dict(asked.parameters)
            if asked.headers.get("Content-Type") == "application/json":
                given["json"] = asked.body.decode()
            status, data = self.reconcilers[service].answer(route, given)
            return plain(data, status=status)
        return Reply(status=404, media="text/html", body=b"<p>Nothing here.</p>")

    def _action(self, parameters: Mapping[str, str]) -> Reply:
        match parameters.get("action"), parameters.get("list"):
            case "wbsearchentities", _:
                return self._search(parameters)
            case "wbgetentities", _:
                return self._get(parameters)
            case "query", "search":
                return self._full_text(parameters)
            case action, _:
                said = f'Unrecognized value for parameter "action": {action}.'
                return _error("badvalue", said)

    def _search(self, parameters: Mapping[str, str]) -> Reply:
        words, language = parameters.get("search", ""), parameters.get("language", "")
        if not words:
            return _error("missingparam", 'The "search" parameter must be set.')
        if not language:
            return _error("missingparam", 'The "language" parameter must be set.')
        hits = []
        for entity in self.entities.values():
            if hit := _borne(entity, words, language):
                kind, text = hit
                exact = text.casefold() == words.casefold()
                found = {
                    "id": entity["id"],
                    "title": entity["id"],
                    "pageid": entity.get("pageid", 1),
                    "concepturi": f"http://www.wikidata.org/entity/{entity['id']}",
                    "repository": "wikidata",
                    "label": _text(entity, "labels", language),
                    "description": _text(entity, "descriptions", language),
                    "match": {"type": kind, "language": language, "text": text},
                }
                hits.append((not exact, -len(entity.get("sitelinks") or ()), found))
        hits.sort(key=lambda hit: hit[:2])
        limit = int(parameters.get("limit", "7"))
        found = {"searchinfo": {"search": words}, "search": [hit[2] for hit in hits[:limit]]}
        if len(hits) > limit:
            found["search-continue"] = limit
        return plain({**found, "success": 1})

    def _full_text(self, parameters: Mapping[str, str]) -> Reply:
        words = set(re.findall(r"\w+", parameters.get("srsearch", "").casefold()))
        hits = []
        for entity in self.entities.values():
            said = " ".join([text for _, text in _names(entity)] + _all(entity, "descriptions"))
            if words and words <= set(re.findall(r"\w+", said.casefold())):
                hits.append({"ns": 0, "title": entity["id"], "pageid": entity.get("pageid", 1)})
        limit = int(parameters.get("srlimit", "10"))
        query = {"searchinfo": {"totalhits": len(hits)}, "search": hits[:limit]}
        return plain({"batchcomplete": "", "query": query})

    def _get(self, parameters: Mapping[str, str]) -> Reply:
        ids = parameters.get("ids", "").split("|")
        if len(ids) > 50:
            said = 'Too many values supplied for parameter "ids". The limit is 50.'
            return _error("toomanyvalues", said, parameter="ids", limit=50, lowlimit=50)
        found: dict[str, Any] = {}
        languages = parameters.get("languages", "").split("|")
        for id_ in ids:
            if not re.fullmatch(r"Q[1-9][0-9]*", id_) or int(id_[1:]) >= 2**31:
                return _error("no-such-entity", f'Could not find an entity with "{id_}".', id=id_)
            target = self.redirects.get(id_, id_)
            if target not in self.entities or id_ == DELETED:
                found[id_] = {"id": id_, "missing": ""}
                continue
            entity = dict(self.entities[target])
            for kind in ("labels", "descriptions", "aliases"):
                texts = entity.get(kind) or {}
                # A wiki of PHP writes an object without members as an array.
                entity[kind] = {tag: texts[tag] for tag in languages if tag in texts} or []
            if target != id_:
                entity["redirects"] = {"from": id_, "to": target}
            found[id_] = entity
        return plain({"entities": found, "success": 1})

    def _query(self, asked: Asked) -> Reply:
        try:
            result = self.store.query(asked.parameters.get("query", ""))
        except SyntaxError as error:
            said = f"Parse error: {error}".encode()
            return Reply(status=400, media="text/plain", body=said)
        assert isinstance(result, ox.QuerySolutions)
        body = result.serialize(format=ox.QueryResultsFormat.JSON)
        return Reply(media="application/sparql-results+json;charset=utf-8", body=body or b"")


@contextlib.contextmanager
def wikidata(
    entities: Iterable[dict[str, Any]] | None = None,
    *,
    faults: Iterable[Fault] = (),
    redirects: Mapping[str, str] = REDIRECTS,
) -> Iterator[Wikidata]:
    """A server with some items, those of our world if none are given, and the faults that it has first."""
    known = Wikidata(world() if entities is None else entities, faults, redirects)
    known.reconcilers = {
        "reconcile": Reconciler(known.entities),
        "draft": Draft(known.entities),
        "authority": Authority(known.entities),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            given = dict(parse_qsl(parts.query, keep_blank_values=True))
            if "urlencoded" in self.headers.get("Content-Type", ""):
                given |= dict(parse_qsl(body.decode(), keep_blank_values=True))
            asked = Asked(
                method=self.command,
                path=parts.path,
                parameters=given,
                headers=dict(self.headers),
                body=body,
            )
            with known.lock:
                known.asked.append(asked)
                known.at_once += 1
                known.most_at_once = max(known.most_at_once, known.at_once)
            self.close_connection = True
            time.sleep(known.takes)
            # Before the answer: who has it may ask again sooner than we come to the next line.
            with known.lock:
                known.at_once -= 1
            with contextlib.suppress(OSError):  # they hang up, which is what we test
                self._send(known.reply(asked))

        def _send(self, reply: Reply) -> None:
            if reply.silent:
                known.over.wait(30)
                return
            if reply.raw is not None:
                self.wfile.write(reply.raw)
                return
            self.send_response(reply.status)
            if reply.media is not None:
                self.send_header("Content-Type", reply.media)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length != -1:
                length = len(reply.body) if reply.length is None else reply.length
                self.send_header("Content-Length", str(length))
            self.end_headers()
            size = 1 if reply.pause else len(reply.body) or 1
            for start in range(0, len(reply.body), size):
                self.wfile.write(reply.body[start : start + size])
                if reply.pause and known.over.wait(reply.pause):
                    return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield known
    finally:
        known.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _error(code: str, info: str, **more: Any) -> Reply:
    return plain({"error": {"code": code, "info": info, **more, "*": HELP}, "servedby": "mw-1"})


def _names(entity: dict[str, Any], *languages: str) -> list[tuple[str, str]]:
    """The labels and aliases of an item, in some languages or in all."""
    names = [
        ("label", text["value"])
        for tag, text in (entity.get("labels") or {}).items()
        if not languages or tag in languages
    ]
    return names + [
        ("alias", text["value"])
        for tag, texts in (entity.get("aliases") or {}).items()
        for text in texts
        if not languages or tag in languages
    ]


def _borne(entity: dict[str, Any], words: str, language: str) -> tuple[str, str] | None:
    """The name of an item that begins with some words, an exact one first."""
    start = words.casefold()
    names = _names(entity, language, "mul", "en")
    begun = [name for name in names if name[1].casefold().startswith(start)]
    return min(begun, key=lambda name: len(name[1])) if begun else None


def _text(entity: dict[str, Any], kind: str, language: str) -> str:
    texts = entity.get(kind) or {}
    found = texts.get(language) or texts.get("en") or {"value": ""}
    return str(found["value"])


def _all(entity: dict[str, Any], kind: str) -> list[str]:
    return [text["value"] for text in (entity.get(kind) or {}).values()]
