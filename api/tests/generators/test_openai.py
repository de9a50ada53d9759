import asyncio
import json
from datetime import timedelta

import pytest

from app.generators import get_generator
from app.generators.base import Cleaner, GeneratorError, Piece
from app.generators.offline.generator import OfflineGenerator
from app.generators.openai import OpenAIGenerator
from app.settings import GeneratorSettings
from tests.generators.endpoint import Answer, Connection, Endpoint, endpoint

PLENTY = timedelta(seconds=20)


class Pauses:
    """What was slept between attempts, in no time."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


def generator(served: Endpoint, pauses: Pauses | None = None, silence: timedelta = PLENTY) -> OpenAIGenerator:
    return OpenAIGenerator(
        base_url=served.url, api_key="secret-key", model="some-model", silence=silence, sleep=pauses or Pauses()
    )


async def pieces(*answers: Answer, pauses: Pauses | None = None, silence: timedelta = PLENTY) -> list[Piece]:
    async with endpoint(*answers) as served:
        return [piece async for piece in generator(served, pauses, silence).stream("a rota", max_tokens=10)]


async def failure(*answers: Answer, pauses: Pauses | None = None, silence: timedelta = PLENTY) -> GeneratorError:
    with pytest.raises(GeneratorError) as raised:
        await pieces(*answers, pauses=pauses, silence=silence)
    assert "secret-key" not in raised.value.detail
    return raised.value


def refusing(status: int, code: str = "", **headers: str) -> Answer:
    return lambda wire: wire.refuse(status, code, **headers)


async def good(wire: Connection) -> None:
    await wire.start()
    await wire.say("# Rota", ": a ", "plan", finish="stop")
    await wire.data(
        json.dumps({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16}})
    )
    await wire.end()


async def test_the_text_comes_in_pieces_and_the_tokens_are_the_bill() -> None:
    got = await pieces(good)

    assert [piece.text for piece in got] == ["# Rota", ": a ", "plan", ""]
    assert sum(piece.tokens for piece in got) == 7
    assert [piece.progress for piece in got] == [0.1, 0.2, 0.3, 1.0]


async def test_the_request_says_what_is_wanted() -> None:
    async with endpoint(good) as served:
        async for _ in generator(served).stream("a rota", max_tokens=10):
            pass

    (asked,) = served.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == "Bearer secret-key"
    assert asked.body["model"] == "some-model"
    assert asked.body["max_tokens"] == 10
    assert asked.body["stream"] is True
    assert asked.body["messages"][-1] == {"role": "user", "content": "a rota"}
    assert "## Milestones" in asked.body["messages"][0]["content"]


async def test_no_key_is_told_before_anything_is_asked() -> None:
    keyless = OpenAIGenerator(base_url="http://127.0.0.1:1/v1", api_key=None, model="m", silence=PLENTY)

    with pytest.raises(GeneratorError, match="OPENAI_API_KEY") as raised:
        await anext(keyless.stream("a rota", max_tokens=10))

    assert raised.value.code == "no_api_key"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "", "unauthorized"),
        (403, "", "unauthorized"),
        (404, "model_not_found", "upstream_error"),
        (400, "", "upstream_error"),
        (429, "insufficient_quota", "rate_limited"),
    ],
)
async def test_what_will_not_pass_is_asked_once(status: int, code: str, expected: str) -> None:
    pauses = Pauses()

    assert (await failure(refusing(status, code), pauses=pauses)).code == expected
    assert pauses.taken == []


@pytest.mark.parametrize(
    ("status", "expected"), [(429, "rate_limited"), (500, "upstream_error"), (503, "upstream_error")]
)
async def test_what_does_not_pass_is_given_up(status: int, expected: str) -> None:
    pauses = Pauses()

    assert (await failure(refusing(status), pauses=pauses)).code == expected
    assert pauses.taken == [0.5, 1, 2]


@pytest.mark.parametrize("status", [429, 500, 502, 529])
async def test_what_passes_is_not_seen(status: int) -> None:
    got = await pieces(refusing(status), refusing(status), good)

    assert "".join(piece.text for piece in got) == "# Rota: a plan"


async def test_the_endpoint_says_when_to_come_back() -> None:
    pauses = Pauses()

    await pieces(refusing(429, retry_after="3"), refusing(429, retry_after="3600"), good, pauses=pauses)

    assert pauses.taken == [3, 20]


async def test_a_connection_that_breaks_before_the_first_token_is_tried_again() -> None:
    async def breaks(wire: Connection) -> None:
        await wire.start()

    got = await pieces(breaks, good)

    assert "".join(piece.text for piece in got) == "# Rota: a plan"


async def test_an_endpoint_that_is_not_there_is_told() -> None:
    async with endpoint(good) as served:
        pass

    with pytest.raises(GeneratorError) as raised:
        await anext(generator(served).stream("a rota", max_tokens=10))

    assert raised.value.code == "upstream_error"


async def test_a_text_that_breaks_off_is_not_started_again() -> None:
    async def breaks(wire: Connection) -> None:
        await wire.start()
        await wire.say("# Ro")

    pauses = Pauses()

    assert (await failure(breaks, good, pauses=pauses)).code == "upstream_cut"
    assert pauses.taken == []


async def test_a_clean_end_without_a_reason_is_a_cut_too() -> None:
    async def ends(wire: Connection) -> None:
        await wire.start()
        await wire.say("# Ro")
        await wire.end()

    assert (await failure(ends)).code == "upstream_cut"


async def test_an_error_in_mid_stream_is_a_cut() -> None:
    async def fails(wire: Connection) -> None:
        await wire.start()
        await wire.say("# Ro")
        await wire.data(json.dumps({"error": {"message": "secret-key is overloaded"}}))
        await wire.end()

    assert (await failure(fails)).code == "upstream_cut"


@pytest.mark.parametrize(
    "chunk", ["{not json", "[]", '"text"', "null", '{"choices": 7}', '{"choices": [{"delta": null}]}']
)
async def test_a_chunk_that_is_no_chunk_is_told(chunk: str) -> None:
    async def babbles(wire: Connection) -> None:
        await wire.start()
        await wire.data(chunk)
        await wire.end()

    assert (await failure(babbles)).code == "upstream_error"


@pytest.mark.parametrize("first", [[], ["# Ro"]])
async def test_silence_ends_the_wait(first: list[str]) -> None:
    async def is_silent(wire: Connection) -> None:
        await wire.start()
        await wire.say(*first)
        await wire.gone()

    assert (await failure(is_silent, silence=timedelta(milliseconds=60))).code == "timeout"


async def test_comments_are_no_text() -> None:
    async def keeps_alive(wire: Connection) -> None:
        await wire.start()
        while True:
            await wire.raw(b": still thinking\n\n")
            await asyncio.sleep(0.01)

    assert (await failure(keeps_alive, silence=timedelta(milliseconds=60))).code == "timeout"


async def test_a_slow_reader_is_no_silence() -> None:
    async with endpoint(good) as served:
        stream = generator(served, silence=timedelta(milliseconds=300)).stream("a rota", max_tokens=10)
        got = [await anext(stream)]
        await asyncio.sleep(0.4)  # the reader's own time, longer than the endpoint may be silent

        got += [piece async for piece in stream]

    assert "".join(piece.text for piece in got) == "# Rota: a plan"


@pytest.mark.parametrize(
    ("told", "detail"), [({}, "The model's filter stopped the text."), ({"refusal": "I can't."}, "I can't.")]
)
async def test_a_refusal_is_told(told: dict[str, object], detail: str) -> None:
    async def refuses(wire: Connection) -> None:
        await wire.start()
        await wire.say(finish="content_filter", **told)
        await wire.end()

    refused = await failure(refuses)

    assert (refused.code, refused.detail) == ("content_filter", detail)


async def test_no_text_at_all_is_told() -> None:
    async def says_nothing(wire: Connection) -> None:
        await wire.start()
        await wire.say(finish="stop")
        await wire.end()

    assert (await failure(says_nothing)).code == "empty"


async def test_the_limit_of_tokens_is_a_good_end() -> None:
    async def runs_out(wire: Connection) -> None:
        await wire.start()
        await wire.say("# Ro", finish="length")
        await wire.end()

    assert [piece.text for piece in await pieces(runs_out)] == ["# Ro", ""]


async def test_a_character_cut_by_the_endpoint_is_whole_again() -> None:
    async def cuts(wire: Connection) -> None:
        await wire.start()
        await wire.say("a\ud83d", "\ude80", "b", finish="stop")
        frame = 'data: {"choices": [{"index": 0, "delta": {"content": "\U0001f680"}}]}\n\n'.encode()
        for place in range(len(frame)):
            await wire.raw(frame[place : place + 1])
        await wire.end()

    cleaner = Cleaner()
    text = "".join(cleaner.feed(piece.text) for piece in await pieces(cuts))

    assert text == "a\U0001f680b\U0001f680"


async def test_closing_the_stream_ends_the_work_at_the_endpoint() -> None:
    ended = asyncio.Event()

    async def goes_on(wire: Connection) -> None:
        await wire.start()
        await wire.say("# Rota")
        await wire.gone()
        ended.set()

    async with endpoint(goes_on) as served:
        stream = generator(served).stream("a rota", max_tokens=10)
        await anext(stream)
        await stream.aclose()

        await asyncio.wait_for(ended.wait(), 1)


async def test_cancelling_the_reader_ends_the_work_at_the_endpoint() -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    async def is_silent(wire: Connection) -> None:
        await wire.start()
        asked.set()
        await wire.gone()
        ended.set()

    async with endpoint(is_silent) as served:
        stream = generator(served).stream("a rota", max_tokens=10)
        reader = asyncio.ensure_future(anext(stream))
        await asked.wait()
        reader.cancel()

        await asyncio.wait_for(ended.wait(), 1)


def test_the_settings_choose_the_generator() -> None:
    offline = get_generator(GeneratorSettings.model_construct(generator="offline"))
    remote = get_generator(GeneratorSettings.model_construct(generator="openai"))

    assert isinstance(offline, OfflineGenerator)
    assert isinstance(remote, OpenAIGenerator)
