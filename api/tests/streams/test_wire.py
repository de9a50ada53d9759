"""What is written on a connection, byte by byte."""

import json

import pytest

from app.streams.catch_up import CatchUp, Step
from app.streams.cursor import Cursor
from app.streams.events import NEW_ATTEMPT
from app.streams.log import Record
from app.streams.wire import TopicMessages

SNAPSHOT = Step(Cursor(2, 7), Record("snapshot", b"{}"))
TOKEN = Step(Cursor(1, 4), Record("token", b"{}"))
RESET = Step(None, NEW_ATTEMPT)


@pytest.mark.parametrize(
    ("cursor", "steps", "told"),
    [
        (None, [SNAPSHOT], None),
        (Cursor(1, 3), [SNAPSHOT], None),
        (Cursor(1, 3), [TOKEN], "1-3"),
        (Cursor(1, 3), [], "1-3"),
        # null promises a snapshot as the first event, and this is a reset
        (Cursor(1, 3), [RESET, SNAPSHOT], "1-3"),
    ],
)
def test_subscribed_says_where_it_goes_on_or_that_a_snapshot_comes_first(
    cursor: Cursor | None, steps: list[Step], told: str | None
) -> None:
    said = json.loads(TopicMessages("task:t").begin(cursor, CatchUp(steps)))

    assert said == {"type": "subscribed", "topic": "task:t", "cursor": told}
