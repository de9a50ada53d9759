"""A worker's side of the bench: claims real rows and appends to their logs, by the real script, at a given rate.

Claims as many tasks as its argument says and prints their ids. Then every line of its input is a Load; each is
answered, when it is done, by a line that says how many tokens were appended.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, monotonic_ns
from uuid import UUID

import uvloop

from app.core.db import Database
from app.core.valkey import connect
from app.settings import get_settings
from app.streams.events import Token, record
from app.streams.log import Append, EventLog, Record, Verdict
from app.tasks.events import TaskUpdate
from app.tasks.leases import Claim, Leases

_WORD = " word"


@dataclass(frozen=True)
class Load:
    """`seconds` of appends, one round trip `every` seconds; the tasks take `turns`, each gets `batch` tokens a turn."""

    tasks: list[str]
    batch: int
    every: float
    seconds: float
    turns: int = 1
    size: int = 5
    stamped: bool = False  # the text begins with the time of the append, on the clock that all processes share


class Text:
    """One task's log so far."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._seq = 0
        self._offset = 0

    def update(self) -> Append:
        event = TaskUpdate(status="running", attempt=self._claim.attempt, progress=None)
        return self._append([record(event)])

    def tokens(self, load: Load) -> Append:
        return self._append(list(self._tokens(load)))

    def _tokens(self, load: Load) -> Iterator[Record]:
        for _ in range(load.batch):
            stamp = f"{monotonic_ns()} " if load.stamped else ""
            text = (stamp + _WORD * (load.size // len(_WORD) + 1))[: max(load.size, len(stamp))]
            yield record(Token(offset=self._offset, text=text))
            self._offset += len(text)

    def _append(self, records: list[Record]) -> Append:
        first = self._seq + 1
        self._seq += len(records)
        return Append(self._claim.id, self._claim.attempt, first, records, may_create=first == 1)


async def write(log: EventLog, texts: dict[UUID, Text], load: Load) -> int:
    """Appends on time: a late turn is made up for by shorter pauses. Gives the number of tokens."""
    tasks = [texts[UUID(task)] for task in load.tasks]
    began, appended = monotonic(), 0
    for turn in range(round(load.seconds / load.every)):
        await asyncio.sleep(max(0.0, began + turn * load.every - monotonic()))
        appends = [text.tokens(load) for text in tasks[turn % load.turns :: load.turns]]
        for verdict, _ in await log.append(*appends):
            if verdict is not Verdict.OK:
                raise RuntimeError(f"the log answered {verdict}")
        appended += len(appends) * load.batch
    return appended


async def main(room: int) -> None:
    settings = get_settings()
    async with Database(settings.database) as db, connect(settings.valkey.url, timeout=5) as valkey:
        log = EventLog(valkey, settings.streams.log_ttl)
        claims = await Leases(db, settings.tasks, worker="bench").claim(room)
        texts = {claim.id: Text(claim) for claim in claims}
        await log.append(*(text.update() for text in texts.values()))
        say([str(task) for task in texts])
        while line := await asyncio.to_thread(sys.stdin.readline):
            say(await write(log, texts, Load(**json.loads(line))))


def say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
