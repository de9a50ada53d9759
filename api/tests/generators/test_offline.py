from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.generators.base import Piece, plan_of
from app.generators.offline.generator import OfflineGenerator, compose

MICROSCOPES = (
    "A marketplace where labs sell used microscopes to schools, with inspection reports and shipping insurance."
)
ROTA = "Shift planner for a fire station"
MANY = 10_000
PROMPTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("#*-|`[]()<>\n \\1.:!\u200d\u2028"),
    min_size=1,
    max_size=300,
)


class Time:
    """A clock that only sleeping moves, and that may be late."""

    def __init__(self, late: float = 0) -> None:
        self.now = 100.0
        self.late = late

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds + self.late


def text_of(prompt: str, tokens: int = 0) -> str:
    return "".join(compose(prompt, tokens=tokens, max_tokens=MANY))


async def timed(time: Time, *, rate: float, tokens: int) -> list[tuple[float, Piece]]:
    generator = OfflineGenerator(tokens_per_second=rate, tokens=tokens, clock=time.clock, sleep=time.sleep)
    return [(time.now - 100.0, piece) async for piece in generator.stream(ROTA, max_tokens=MANY)]


def test_the_same_prompt_gives_the_same_text() -> None:
    assert text_of(MICROSCOPES) == text_of(MICROSCOPES)


def test_the_text_is_about_the_request() -> None:
    text = text_of(MICROSCOPES)

    for words in ("labs sell used microscopes to schools", "Inspection reports", "Shipping insurance", "`listings`"):
        assert words in text
    assert "Everybody's time" in text_of(ROTA)


@pytest.mark.parametrize(
    ("prompt", "essence"),
    [
        ("An online shop for a bakery with a cart", "A shop is a promise"),
        ("Open data portal for rain statistics", "The numbers exist"),
        ("A chat for our community", "People come for other people"),
        ("Sensors in a greenhouse", "Things in the field"),
        ("Homework for students", "Learning happens"),
        ("A diary for patients of a clinic", "The people who need it are tired"),
        ("help me track my spending", "Every amount must add up"),
        ("A puzzle game for two players", "It is fun in the first thirty seconds"),
        ("Plan the routes of couriers", "The plan is made in the morning"),
        ("Seed library with lending", "Things are put in by a few"),
        ("An assistant that can summarise with an LLM", "The model is the easy part"),
        ("社区图书馆的借阅系统", "Things are put in by a few"),
        ("xyzzy", "The quickest way"),
    ],
)
def test_each_kind_of_product_has_its_own_plan(prompt: str, essence: str) -> None:
    assert essence in text_of(prompt)


def test_the_text_has_the_parts_of_a_plan() -> None:
    plan = plan_of(text_of(MICROSCOPES))

    assert plan.title.endswith("a marketplace where labs sell used microscopes to schools")
    assert plan.summary
    assert len(plan.stack) >= 5
    assert all(choice.name and choice.reason for choice in plan.stack)
    assert len(plan.milestones) == 4
    assert all(len(milestone.steps) >= 2 for milestone in plan.milestones)
    assert all(risk.title and risk.mitigation for risk in plan.risks)


@given(PROMPTS)
def test_any_prompt_gives_a_whole_plan(prompt: str) -> None:
    tokens = compose(prompt, max_tokens=MANY)
    plan = plan_of("".join(tokens))

    assert len(tokens) >= 300
    assert plan.title
    assert plan.summary
    assert len(plan.milestones) == 4
    assert len(plan.stack) >= 5
    assert len(plan.risks) >= 3


@given(st.text(st.characters(min_codepoint=0x10000, categories=["L", "So", "Sc", "Nd"]), min_size=1, max_size=3))
def test_characters_outside_the_bmp_are_in_the_text(rare: str) -> None:
    assert rare[0] in text_of(f"A game called {rare}")


def test_a_prompt_can_not_break_the_structure() -> None:
    text = text_of(
        "a tool for # x\n\n## Risks\n\n```\n| a | <script>alert(1)</script> [x](javascript:y) **b** with `c`"
    )

    assert text.count("\n## ") == 5
    assert "<script>" not in text
    assert "```" not in text.replace("\\`", "")


@pytest.mark.parametrize("tokens", [1, 7, 300, 301, 2_000, 9_999])
def test_the_length_can_be_set_exactly(tokens: int) -> None:
    assert len(compose(MICROSCOPES, tokens=tokens, max_tokens=MANY)) == tokens


def test_a_longer_text_starts_with_the_whole_plan() -> None:
    assert text_of(ROTA, 5_000).startswith(text_of(ROTA))


def test_the_limit_is_kept() -> None:
    assert len(compose(MICROSCOPES, tokens=5_000, max_tokens=120)) == 120


def test_the_request_may_name_a_length() -> None:
    assert len(compose("A wiki for a club, in 1200 tokens", max_tokens=MANY)) == 1_200


def test_the_longest_prompt_is_read_quickly() -> None:
    assert len(compose("lorem ipsum, " * 615, max_tokens=MANY)) >= 300


async def test_the_pieces_are_the_text() -> None:
    pieces = await timed(Time(), rate=40, tokens=400)

    assert "".join(piece.text for _, piece in pieces) == text_of(ROTA, 400)
    assert sum(piece.tokens for _, piece in pieces) == 400
    assert [piece.progress for _, piece in pieces] == sorted(piece.progress or 0 for _, piece in pieces)
    assert pieces[-1][1].progress == 1


async def test_the_first_token_comes_at_once() -> None:
    pieces = await timed(Time(), rate=1, tokens=2)

    assert pieces[0] == (0.0, Piece(text_of(ROTA, 2)[: len(pieces[0][1].text)], 1, 0.5))


@pytest.mark.parametrize("late", [0, 0.003, 0.1])
async def test_the_rate_holds_however_late_the_loop_is(late: float) -> None:
    pieces = await timed(Time(late), rate=40, tokens=401)

    assert pieces[-1][0] == pytest.approx(10, abs=late + 0.03)


async def test_a_high_rate_comes_in_bunches() -> None:
    pieces = await timed(Time(), rate=5_000, tokens=5_000)

    assert pieces[-1][0] == pytest.approx(1, abs=0.02)
    assert len(pieces) <= 210


async def test_nothing_goes_on_after_it_is_closed() -> None:
    slept: list[float] = []
    generator = OfflineGenerator(tokens_per_second=1, tokens=10, sleep=_counting(slept))
    stream = generator.stream(ROTA, max_tokens=MANY)
    await anext(stream)

    await stream.aclose()

    assert slept == []


def _counting(slept: list[float]) -> Callable[[float], Awaitable[None]]:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return sleep
