"""The day on which something is judged or asked."""

from __future__ import annotations

import os
from datetime import UTC, datetime


def today() -> str:
    """The day, as EDTF; that of SOURCE_DATE_EPOCH where results shall not hang on the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return f"{now:%Y-%m-%d}"
