"""The graph follows the files: at once where that is quick, and otherwise when nobody decides."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from typing import TYPE_CHECKING, Final

from kg.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.service import Service

QUICK: Final = 1.0
"""Seconds that a build may take while somebody waits for it."""
QUIET: Final = 5.0
"""Seconds without a decision after which a longer build begins: it keeps the next one waiting."""
LATEST: Final = 60.0
"""Seconds after which it begins however many decisions come."""


class Following:
    """Builds a workspace anew after its files were changed; `rebuild` says what there is to say."""

    def __init__(
        self,
        service: Service,
        rebuild: Callable[[], list[str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service = service
        self._rebuild = rebuild
        self._clock = clock
        self._took = 0.0
        self._changed = 0.0
        self._task: asyncio.Task[list[str]] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether there are changes that the graph has not followed yet."""
        return self._task is not None and not self._task.done()

    async def follow(self) -> list[str]:
        """Have the graph follow; what there is to say, where that is known while one waits."""
        self._changed = self._clock()
        if self._task is None or not self.is_behind:
            self._task = asyncio.create_task(self._run())
        if self._took < QUICK:
            done, _ = await asyncio.wait({self._task}, timeout=2 * QUICK)
            if done:
                return self._task.result()
        return []

    async def _run(self) -> list[str]:
        begun = self._clock()
        while True:
            while self._took >= QUICK and self._waits(begun):
                await asyncio.sleep(QUIET / 10)
            seen, begun = self._changed, self._clock()
            async with self._service.writing:
                start = self._clock()
                lines = await asyncio.to_thread(self._rebuild)
            with contextlib.suppress(StoreError):  # the readers will see it later
                await self._service.readers.refresh()
            self._took = self._clock() - start
            if self._took >= QUICK:  # whoever decided may have gone on
                sys.stderr.write("".join(f"{line}\n" for line in lines))
            if self._changed == seen:
                return lines

    def _waits(self, begun: float) -> bool:
        now = self._clock()
        return now - self._changed < QUIET and now - begun < LATEST
