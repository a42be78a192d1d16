"""The time at which something is made, judged or asked."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def instant() -> str:
    """The time in UTC, to the second, as xsd:dateTime."""
    return f"{_now():%Y-%m-%dT%H:%M:%SZ}"


def today() -> str:
    """The day in UTC, as EDTF."""
    return f"{_now():%Y-%m-%d}"


def _now() -> datetime:
    """That of SOURCE_DATE_EPOCH where results shall not hang on the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
