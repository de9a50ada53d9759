"""A design over a real connection, with a model behind it that does what the test says."""

import asyncio
import json
from time import monotonic

import httpx
import pytest

from tests.design.conftest import SETTINGS
from tests.design.reading import KEY, PROMPT, Asking
from tests.generators.endpoint import Connection, Endpoint
from tests.people import Person
from tests.problems import problem
from tests.server import Server, serve

TEXT = "# Seeds: 🌱 a library\n\nIt lends."


class Model:
    """An answer that begins, goes on when it is told to, and says when its connection was closed."""

    def __init__(self, *contents: str, is_silent: bool = False) -> None:
        self._contents = contents
        self._is_silent = is_silent
        self.asked = asyncio.Event()
        self.more = asyncio.Event()
        self.closed = asyncio.Event()

    async def __call__(self, connection: Connection) -> None:
        self.asked.set()
        if not self._is_silent:
            await connection.start()
            await connection.say(*self._contents)
        closed = asyncio.ensure_future(connection.gone())
        more = asyncio.ensure_future(self.more.wait())
        await asyncio.wait({closed, more}, return_when=asyncio.FIRST_COMPLETED)
        if more.done():
            await connection.say(" and more", finish="stop")
            await connection.end()
        else:
            self.closed.set()
        more.cancel()
        closed.cancel()
        await asyncio.gather(closed, more, return_exceptions=True)


async def test_a_design_is_streamed_to_its_ending(asking: Asking, model: Endpoint) -> None:
    async with asking.stream() as reading:
        await reading.until()

    headers = reading.response.headers
    assert reading.response.status_code == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-cache, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert reading.types == ["token", "token", "done"]
    assert reading.text == TEXT
    assert reading.events[-1]["text_length"] == len(TEXT) + 1
    assert reading.events[-1]["result"]["summary"] == "It lends."


async def test_a_design_is_answered_whole(asking: Asking, model: Endpoint) -> None:
    response = await asking.whole()

    assert response.status_code == 200
    assert response.json()["text"] == TEXT
    assert response.json()["result"]["title"] == "Seeds: 🌱 a library"


async def test_the_text_can_be_held_by_every_reader(asking: Asking, model: Endpoint) -> None:
    model.answers = [Model("a\0b", "\ud83c", "\udf31", "\udf31", "!")]
    model.answers[0].more.set()  # type: ignore[attr-defined]

    async with asking.stream() as reading:
        await reading.until()

    assert reading.text == "ab🌱\ufffd! and more"
    assert reading.types[-1] == "done"


async def test_silence_is_filled_with_heartbeats(asking: Asking, model: Endpoint) -> None:
    slow = Model("one")
    model.answers = [slow]

    async with asking.stream() as reading:
        await reading.until("token")
        await reading.until("heartbeat")
        await reading.until("heartbeat")
        slow.more.set()
        await reading.until()

    assert reading.types == ["token", "token", "done"]
    assert all(set(event) == {"type", "at"} for event in reading.events if event["type"] == "heartbeat")


async def test_a_first_token_that_is_late_ends_the_stream(asking: Asking, model: Endpoint) -> None:
    silent = Model()
    model.answers = [silent]
    began = monotonic()

    async with asking.stream() as reading:
        await reading.until()

    assert monotonic() - began < 2
    assert reading.types == ["error"]
    assert reading.events[-1]["code"] == "timeout"
    async with asyncio.timeout(1):
        await silent.closed.wait()


async def test_a_first_token_that_is_late_is_a_problem(asking: Asking, model: Endpoint) -> None:
    silent = Model(is_silent=True)
    model.answers = [silent]
    began = monotonic()

    problem(await asking.whole(), 504, "timeout")

    assert monotonic() - began < 2
    async with asyncio.timeout(1):
        await silent.closed.wait()


async def test_a_text_without_end_is_ended(asking: Asking, model: Endpoint) -> None:
    endless = Model("one")
    model.answers = [endless]

    async with asking.stream() as reading:
        await reading.until()

    assert reading.types == ["token", "error"]
    assert reading.events[-1]["code"] == "timeout"
    async with asyncio.timeout(1):
        await endless.closed.wait()


async def refusing(connection: Connection) -> None:
    await connection.refuse(401)


async def test_a_model_that_refuses_is_told(asking: Asking, model: Endpoint) -> None:
    model.answers = [refusing]

    async with asking.stream() as reading:
        await reading.until()
    response = await asking.whole()

    assert reading.types == ["error"]
    assert reading.events[-1]["code"] == "generator_failed"
    assert reading.events[-1]["detail"] == problem(response, 502, "generator_failed")["detail"]


async def breaking_off(connection: Connection) -> None:
    await connection.start()
    await connection.say("# Seeds")


async def test_a_text_that_breaks_off_has_one_ending(asking: Asking, model: Endpoint) -> None:
    model.answers = [breaking_off]

    async with asking.stream() as reading:
        await reading.until()

    assert reading.types == ["token", "error"]
    assert reading.events[-1]["code"] == "generator_failed"


async def test_who_leaves_a_stream_stops_the_model(asking: Asking, model: Endpoint) -> None:
    endless = Model("one")
    model.answers = [endless]

    async with asking.stream() as reading:
        await reading.until("token")
    async with asyncio.timeout(1):
        await endless.closed.wait()


async def test_who_leaves_before_the_first_token_stops_the_model(asking: Asking, model: Endpoint) -> None:
    silent = Model(is_silent=True)
    model.answers = [silent]

    async with asking.stream():
        await silent.asked.wait()
    async with asyncio.timeout(0.9):  # below the deadline of the first token
        await silent.closed.wait()


async def test_who_doesn_t_wait_for_the_answer_stops_the_model(asking: Asking, model: Endpoint) -> None:
    endless = Model("one")
    model.answers = [endless]

    waiting = asyncio.create_task(asking.whole())
    await endless.asked.wait()
    waiting.cancel()
    async with asyncio.timeout(1):
        await endless.closed.wait()


async def test_who_signs_out_stops_the_model(asking: Asking, person: Person, model: Endpoint) -> None:
    streamed, whole = Model("one"), Model("two")
    model.answers = [streamed, whole]

    async with asking.stream() as reading:
        await reading.until("token")
        waiting = asyncio.create_task(asking.whole())
        await whole.asked.wait()
        await person.browser.post("/api/v1/auth/logout")
        async with asyncio.timeout(2):  # below the deadline
            await asyncio.gather(streamed.closed.wait(), whole.closed.wait())
        await reading.until()

    assert reading.types == ["token", "error"]
    assert reading.events[-1]["code"] == "unavailable"
    problem(await waiting, 503, "unavailable")


async def test_nobody_has_more_at_a_time_than_they_may(asking: Asking, model: Endpoint) -> None:
    first, second = Model("one"), Model("two")
    model.answers = [first, second, *model.answers]

    async with asking.stream() as one, asking.stream() as two:
        await asyncio.gather(one.until("token"), two.until("token"))
        async with asking.stream() as third:
            await third.response.aread()
            refused = [third.response, await asking.whole()]
        first.more.set()
        await one.until()
        async with asyncio.timeout(2):  # its place is free a moment after its ending
            while (after := await asking.whole()).status_code == 429:
                pass

    for response in refused:
        problem(response, 429, "too_many_designs")
        assert int(response.headers["retry-after"]) > 0
    assert after.status_code == 200


async def test_a_key_has_a_limit_of_its_own(server: Server, model: Endpoint) -> None:
    answers = [Model("one") for _ in range(3)]
    model.answers = [*answers, *model.answers]

    async with httpx.AsyncClient(base_url=server.url, headers={"X-Streaming-Proxy-Key": KEY}, timeout=20) as machine:
        asking = Asking(machine)
        async with asking.stream() as one, asking.stream() as two, asking.stream() as three:
            await asyncio.gather(*(reading.until("token") for reading in (one, two, three)))
            problem(await asking.whole(), 429, "too_many_designs")


async def flood(connection: Connection) -> None:
    await connection.start()
    while True:
        await connection.say("A wall of words. " * 400)


async def raw(asking: Asking) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that has asked for a stream and reads nothing of it."""
    url = asking.browser.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=1_024)
    body = json.dumps(PROMPT)
    request = asking.browser.build_request("POST", "/api/design/stream", content=body)
    request.headers["content-type"] = "application/json"
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    writer.write("\r\n".join(["POST /api/design/stream HTTP/1.1", *lines, "", body]).encode())
    await writer.drain()
    return reader, writer


@pytest.mark.long
async def test_who_never_reads_holds_no_model_for_ever(asking: Asking, model: Endpoint) -> None:
    sent, gone = 0, asyncio.Event()

    async def counted_flood(connection: Connection) -> None:
        nonlocal sent
        await connection.start()
        try:
            while True:
                await connection.say("A wall of words. " * 400)
                sent += 1
        except ConnectionError:
            gone.set()

    model.answers = [counted_flood]
    _, writer = await raw(asking)
    async with asyncio.timeout(6):  # the deadline is 4 s
        await gone.wait()
    writer.close()

    assert sent * 6_800 < 20_000_000  # a reader would have had ten times as much; sockets buffer some


async def test_a_process_that_leaves_ends_what_it_writes(asking: Asking, model: Endpoint) -> None:
    streamed, whole = Model("one"), Model("two")
    model.answers = [streamed, whole, flood]

    async with serve(**{**SETTINGS, "DESIGNS_PER_USER": "3"}, OPENAI_BASE_URL=model.url) as leaving:
        asking.browser.base_url = httpx.URL(leaving.url)
        async with asking.stream() as reading:
            await reading.until("token")
            waiting = asyncio.create_task(asking.whole())
            await whole.asked.wait()
            _, deaf = await raw(asking)
            seconds = await leaving.terminate()
            await reading.until()
        answer = await waiting
        deaf.close()

    assert reading.types == ["token", "error"]
    assert reading.events[-1]["code"] == "unavailable"
    assert problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"]
    assert seconds < 5
    assert streamed.closed.is_set()


@pytest.mark.parametrize(
    ("prompt", "code"), [("", "string_too_short"), ("x" * 8_001, "string_too_long"), (" \n", "value_error")]
)
async def test_the_prompt_s_rules_are_the_tasks(asking: Asking, model: Endpoint, prompt: str, code: str) -> None:
    for path in ("/api/design", "/api/design/stream"):
        response = await asking.browser.post(path, json={"prompt": prompt})

        [error] = problem(response, 422, "invalid_body")["errors"]
        assert (error["pointer"], error["code"]) == ("/prompt", code)


async def test_a_prompt_s_length_is_in_code_points(asking: Asking, model: Endpoint) -> None:
    response = await asking.browser.post("/api/design", json={"prompt": "🌱" * 8_000})

    assert response.status_code == 200
