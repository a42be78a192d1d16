"""E-mail (.eml) and pages saved as such (.mht): the text of a message and what its header says.

The standard library undoes quoted-printable, base64 and encoded words. Its older policy is used: the
newer one parses every field by a grammar, which takes more than linear time over hostile ones.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from kg.intake.moment import edtf
from kg.intake.raw import Fault, Raw, named
from kg.intake.stated import language, words

if TYPE_CHECKING:
    from email.message import Message

    from kg.edtf import Edtf

_FIELD: Final = 2000
"""Characters of a field that are looked at; real ones have a few hundred."""
_READABLE: Final = ("text/plain", "text/html", "application/xhtml+xml")
_WORDS: Final = (MessageError, ValueError, LookupError, TypeError)
"""What decoding raises of broken words: in no known charset, in broken base64."""


def message(data: bytes, *, place: str, name: str, retrieved: Edtf | None = None) -> Raw | Fault:
    """The article in a message: its plain text where it has one, otherwise its HTML.

    Of a page that a browser saved it is the page, and the message's date is when it was saved.
    """
    try:
        whole = message_from_bytes(data)
        parts = [part for part in whole.walk() if not part.is_multipart()]
    except RecursionError:
        return Fault(place=place, message="a message with parts nested too deep")
    saved = PurePath(name).suffix.lower() in {".mht", ".mhtml"} or bool(
        whole.get("Snapshot-Content-Location")
    )
    wanted = _READABLE[1:] if saved else _READABLE
    readable = [part for type_ in wanted for part in parts if _is_body(part, type_)]
    content, media, location = b"", "", None
    for part in readable:
        try:
            payload = part.get_payload(decode=True)
        except _WORDS:
            continue
        if isinstance(payload, bytes) and payload.strip():
            content, media, location = payload, _media(part), part.get("Content-Location")
            break
    if not content:
        return Fault(
            place=place,
            message="a message without text",
            hint="what is attached has to be saved by itself",
        )
    headline = words(_field(whole, "Subject"))
    sent = edtf(_field(whole, "Date"))
    url = str(
        whole.get("Snapshot-Content-Location") or location or whole.get("Content-Location") or ""
    )
    sender = _sender(_field(whole, "From"))
    return Raw(
        name=PurePath(name).name or named(headline),
        place=place,
        content=content,
        media=media,
        url=url.strip() if re.fullmatch(r"\s*https?://[^\s<>\"{}|\\^`]+\s*", url) else None,
        retrieved=sent if saved else retrieved,
        headline=headline,
        author=(sender,) if sender and not saved else (),
        published=None if saved else sent,
        language=language(_field(whole, "Content-Language").partition(",")[0]),
    )


def _is_body(part: Message, type_: str) -> bool:
    return part.get_content_type() == type_ and part.get_content_disposition() != "attachment"


def _media(part: Message) -> str:
    charset = part.get_content_charset()
    return f"{part.get_content_type()}; charset={charset}" if charset else part.get_content_type()


def _sender(field: str) -> str | None:
    """The name of the sender; an address in its place is none."""
    try:
        name = words(parseaddr(field)[0])
    except RecursionError:  # comments in comments
        return None
    return None if name and "@" in name else name


def _field(whole: Message, name: str) -> str:
    """A field of the header, with its encoded words decoded."""
    raw = str(whole.get(name, ""))[:_FIELD]
    try:
        return str(make_header(decode_header(raw)))
    except _WORDS:
        return raw
