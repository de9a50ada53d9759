"""The reference: what FastAPI's own event responses cost, with events of the same bytes as ours."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

from fastapi import FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent

app = FastAPI()


@app.get("/stream", response_class=EventSourceResponse)
async def stream(batch: int, every: float) -> AsyncIterator[ServerSentEvent]:
    for seq in count(1):
        yield ServerSentEvent(event="token", id=f"1-{seq}", data={"type": "token", "offset": 5 * seq, "text": " word"})
        if seq % batch == 0:
            await asyncio.sleep(every)
