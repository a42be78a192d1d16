"""Time and chance, given from outside so that tests have them in hand."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

from kg.edtf import Instant


class Clock:
    """The clock of the machine."""

    def now(self) -> Instant:
        """This moment, to the second."""
        return Instant(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")

    def elapsed(self) -> float:
        """Seconds since some moment: only differences mean something."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A number from 0 to 1, so that clients that fail together do not come back together."""
        return random.random()  # noqa: S311  # nothing is kept secret by it
