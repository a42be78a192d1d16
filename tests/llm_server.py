"""A real HTTP server on loopback that plays what a test has written down: replies, errors and worse."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One answer.

    With `raw` just these bytes are sent instead of HTTP. `length` is what the header says of the
    body. `drip` is the pause between single bytes of the body, or of the head with `head` too.
    With `silent` nothing comes until the test is over; with `endless` the body never ends.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    body: bytes = b""
    raw: bytes | None = None
    length: int | None = None
    drip: float = 0.0
    head: bool = False
    silent: bool = False
    endless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that came."""

    path: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.content)


@dataclass(slots=True)
class Model:
    """The server: its address, what it still has to play (the last goes on for ever), what was asked."""

    url: str
    plays: list[Play]
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def completion(
    content: object,
    *,
    finish: str = "stop",
    usage: object = None,
    message: Mapping[str, Any] | None = None,
) -> Play:
    """A chat completion with what the model wrote: text, or data that becomes JSON."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    said = {"role": "assistant", "content": text} | dict(message or {})
    data: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "tiny-1",
        "choices": [{"index": 0, "message": said, "finish_reason": finish}],
    }
    if usage is not None:
        data["usage"] = usage
    return Play(body=json.dumps(data).encode())


def refusal(
    status: int, message: str = "no", headers: Mapping[str, str] | None = None, **more: str
) -> Play:
    """An error as the API has it."""
    body = json.dumps({"error": {"message": message, **more}}).encode()
    return Play(status=status, headers={**JSON, **(headers or {})}, body=body)


@contextmanager
def playing(*plays: Play) -> Iterator[Model]:
    """A server that plays one answer after the other."""
    model = Model("", list(plays))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            asked = Asked(path=self.path, headers=dict(self.headers), content=self.rfile.read(size))
            play = model.plays.pop(0) if len(model.plays) > 1 else model.plays[0]
            model.asked.append(asked)
            self.close_connection = True
            try:
                self.play(play)
            except OSError:  # the client went away, as it should
                return

        def play(self, play: Play) -> None:
            if play.silent:
                model.over.wait(30)
                return
            if play.raw is not None:
                self.wfile.write(play.raw)
                return
            length = len(play.body) if play.length is None else play.length
            head = [f"HTTP/1.1 {play.status} As Played"]
            head += [f"{name}: {value}" for name, value in play.headers.items()]
            if not play.endless:
                head.append(f"Content-Length: {length}")
            head_bytes = "\r\n".join([*head, "", ""]).encode()
            self.slowly(head_bytes, play.drip if play.head else 0)
            self.slowly(play.body, play.drip)
            while play.endless and not model.over.is_set():
                self.wfile.write(b" " * 100_000)

        def slowly(self, content: bytes, pause: float) -> None:
            if not pause:
                self.wfile.write(content)
                return
            for i in range(len(content)):
                self.wfile.write(content[i : i + 1])
                self.wfile.flush()
                if model.over.wait(pause):
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield model
    finally:
        model.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
