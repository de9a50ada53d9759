from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.generators.base import Cleaner

ANYTHING = st.text(
    st.characters(codec=None, categories=["L", "P", "S", "Cs", "Cc"]) | st.sampled_from("\0\ud83d\ude80a"), max_size=40
)


def cleaned(*pieces: str) -> str:
    cleaner = Cleaner()
    return "".join([*map(cleaner.feed, pieces), cleaner.flush()])


@given(ANYTHING, st.lists(st.integers(0, 40)))
def test_the_same_text_comes_out_however_it_is_cut(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(text)]

    pieces = [text[start:end] for start, end in pairwise(places)]

    assert cleaned(*pieces) == cleaned(text)


@given(st.lists(ANYTHING))
def test_what_comes_out_is_at_any_moment_a_text_that_can_be_stored(pieces: list[str]) -> None:
    cleaner = Cleaner()

    parts = [*map(cleaner.feed, pieces), cleaner.flush()]

    for part in parts:
        part.encode()  # raises for a lone surrogate
        assert "\0" not in part


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert cleaned(text) == text


def test_halves_of_a_character_are_joined_across_pieces() -> None:
    assert cleaned("a\ud83d", "\0", "\ude80b") == "a\U0001f680b"


def test_halves_that_stay_alone_are_replaced() -> None:
    assert cleaned("a\ude80\ud83d", "b\ud83d") == "a\ufffd\ufffdb\ufffd"
