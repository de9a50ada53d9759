from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.generators.plan import Milestone, Plan, Risk, StackChoice, plan_of

WHOLE = """
Sure, here it is.

# **Tally**: a `ledger`

Every amount adds up,
and [stays](https://example.org) so.

## Technology stack

Two parts.

| Part | Why |
| --- | --- |
| PostgreSQL | It \\| adds up |

- **Next.js.** The page
- Celery: the rest

## Roadmap

### Milestone 1: walk
1. Build *it*.
   - [ ] Show it
### Run

## Key risks

* **Scope** - name five people

## Risks of the name

- **None.** Ignored
"""


def test_every_part_of_a_plan_is_read() -> None:
    assert plan_of(WHOLE) == Plan(
        title="Tally: a ledger",
        summary="Every amount adds up, and stays so.",
        stack=[
            StackChoice(name="PostgreSQL", reason="It | adds up"),
            StackChoice(name="Next.js", reason="The page"),
            StackChoice(name="Celery", reason="the rest"),
        ],
        milestones=[
            Milestone(title="Milestone 1: walk", steps=["Build it.", "Show it"]),
            Milestone(title="Run", steps=[]),
        ],
        risks=[Risk(title="Scope", mitigation="name five people")],
    )


def test_milestones_may_be_a_nested_list() -> None:
    plan = plan_of("# T\n\n## Milestones\n\n1. **Walk**\n   - one\n   - two\n2. **Run**\n   - three\n")

    assert plan.milestones == [Milestone(title="Walk", steps=["one", "two"]), Milestone(title="Run", steps=["three"])]


def test_code_is_no_structure() -> None:
    plan = plan_of("# T\n\nS\n\n## Risks\n\n```\n- **Not.** one\n```\n- **But.** this\n")

    assert plan.risks == [Risk(title="But", mitigation="this")]


def test_a_text_without_structure_has_at_least_a_title() -> None:
    assert plan_of("A sentence.\n\nAnother.") == Plan(
        title="A sentence.", summary="Another.", stack=[], milestones=[], risks=[]
    )


@pytest.mark.parametrize("line", ["a" + " " * 100_000 + "b", "[" * 100_000, "[](" * 30_000, " *a" * 30_000])
@pytest.mark.parametrize("before", ["# ", "# T\n\n## ", "# T\n\n## Risks\n\n- ", "# T\n\n"])
def test_no_text_holds_a_worker_up(before: str, line: str) -> None:
    began = monotonic()

    plan_of(before + line)

    assert monotonic() - began < 2


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("#*-|`[]()\n \\1.:"), max_size=400))
def test_no_text_is_an_error(text: str) -> None:
    assert isinstance(plan_of(text), Plan)
