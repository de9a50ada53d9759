"""Writes the plan: Markdown in the layout that `plan_of` reads, section by section, without an end if need be."""

import re
from collections.abc import Iterator
from itertools import count, cycle, islice

from app.generators.offline.families import GENERIC
from app.generators.offline.reading import Dice, Request, article, is_act, is_plural, lowered, raised

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&$])")

_FIRST_STEPS = (
    "The thinnest version that a real person can use from start to end; what it leaves out is written down beside it.",
    "Settle its words first: what one record is, who may change it, and when it is final.",
    "Start from the last screen and work backwards, so that nothing is stored that nobody reads.",
    "One good path and the two ways in which it usually breaks, each with a test that shows it.",
    "Do it by hand for the first ten people, and build only the step that hurt.",
)
_WATCH = "Watch the work as it is done now, and write down each thing that is done twice or from memory."
_STEPS = (
    "Walk through {part} with three people who would use it, on paper.",
    "Build {part} end to end: a table, a rule, a page, a test.",
    "Put {part} in front of five strangers and change what stopped them.",
    "Decide what {part} must never do, and write that as a test.",
    "Measure {part} in real use for a week before anything is added to it.",
)
_WEB = (
    (
        "Next.js and TypeScript",
        "The server renders the first page; types reach from the database to the button.",
    ),
    ("SvelteKit and TypeScript", "Little code in the browser, and forms that work before any of it has loaded."),
    ("React with Vite", "The page is an app that stays open all day; what it shows comes from one cache."),
)
_API = (
    ("FastAPI", "One typed contract for browser and partners, written once, checked in both directions."),
    ("Go with `net/http`", "One small binary, few dependencies, and memory that can be told in advance."),
    ("Django", "Accounts, permissions and an admin page are there on the first day."),
)
_RUN = (
    (
        "One server and Docker Compose",
        "Enough for ten thousand people, and one person can understand all of it.",
    ),
    ("Two small servers behind nginx", "A deploy without a pause, and a spare when one of them dies."),
)
_RETURN = ("People who come back in the second week", "20 %", "40 %")
_FOUND = ("Faults that we find before anybody else", "half", "9 in 10")
_ASPECTS = (
    (
        "The data",
        (
            "One table with one owner. A row is created once, moves through named states, and is deleted only when a "
            "person asks for it; every change knows who made it and when."
        ),
    ),
    (
        "The page",
        (
            "It answers within 200 ms with what is known and fills in the rest. Empty, loading and failed are drawn "
            "first, since they are what people see on a bad day."
        ),
    ),
    (
        "The interface",
        (
            "Two calls are enough: `POST` to ask, `GET` to look. The first can be repeated without harm, the second "
            "can be cached, and both say what went wrong in a sentence."
        ),
    ),
    (
        "The bad day",
        (
            "The process is killed in the middle, the network goes, the same request comes twice. Each is a test that "
            "does exactly that, and the result is the same as without it."
        ),
    ),
    (
        "The measure",
        (
            "One figure that a person can influence, on one page, by the week. When it doesn't move for a month, the "
            "feature is changed or removed."
        ),
    ),
    (
        "The hand-over",
        (
            "A page that a new colleague reads in ten minutes: why it is so, what was tried before, and the command "
            "that shows it running."
        ),
    ),
    (
        "The limits",
        (
            "How many, how large, how often, per person and per day. A limit is a setting with a sentence, and whoever "
            "meets it is told when to come back."
        ),
    ),
    (
        "The way back",
        (
            "Every release can be taken back within five minutes. Changes of the schema come in two steps, so that the "
            "old code still runs on the new table."
        ),
    ),
)


def main(prompt: str, request: Request) -> Iterator[str]:
    """The plan itself."""
    dice = Dice(prompt)
    name = dice.pick(request.family.names)
    yield _opening(request, name)
    yield _first(request, dice)
    yield _system(request, dice)
    yield _milestones(request, dice, name)
    yield _risks(request, dice)
    yield _proof(request)


def deepen(request: Request) -> Iterator[str]:
    """What can follow a plan: each part in depth, and then review after review, without an end."""
    parts = _parts(request)
    aspects = cycle(_ASPECTS)
    yield "## In depth\n\n"
    for part in parts:
        yield f"### {raised(part)}\n\n"
        yield from (f"**{title}.** {text}\n\n" for title, text in islice(aspects, 2))
    for number, part in zip(count(1), cycle(parts), strict=False):
        yield f"## Review {number}: {lowered(part)}\n\nWhat the review looks at, in this order:\n\n"
        yield from (f"{place}. **{title}.** {text}\n" for place, (title, text) in enumerate(islice(aspects, 3), 1))
        yield f"\nWhat it found goes to the top of the list before review {number + 1}.\n\n"


def escaped(text: str) -> str:
    """The text as Markdown that shows it as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def _quoted(text: str) -> str:
    return f"“{escaped(text)}”"


def _parts(request: Request) -> list[str]:
    """What the plan is made of: what the request names, and what its kind needs beside."""
    named = [escaped(part) if request.is_english else _quoted(part) for part in request.parts]
    return (named + [title for title, _ in request.family.first])[: max(4, len(named))]


def _opening(request: Request, name: str) -> str:
    title = f"{name}: {_titled(request)}"
    mark = f"{request.astral} " if request.astral and request.astral not in title else ""
    lines = [f"# {mark}{title}", "", f"{_is_what(request, name)} {request.family.essence}{_named(request)}", ""]
    if request.quote:
        lines += [f"> {escaped(request.quote)}", ""]
    return "\n".join([*lines, ""])


def _titled(request: Request) -> str:
    if not request.subject:
        return "a plan for an open question"
    if not request.is_english:
        return _quoted(request.subject)
    return escaped(lowered(request.subject) if is_act(request.subject) else article(request.subject))


def _is_what(request: Request, name: str) -> str:
    if not request.subject:
        return f"{name} starts from a request without a word in it, so the first step is to ask."
    if not request.is_english:
        return f"{name} is the answer to {_quoted(request.subject)}."
    if is_act(request.subject):
        return f"{name} is there to {escaped(lowered(request.subject))}."
    return f"{name} {'stands for' if is_plural(request.subject) else 'is'} {escaped(article(request.subject))}."


def _named(request: Request) -> str:
    match [f"*{escaped(lowered(part))}*" for part in request.parts[:3]]:
        case [one, two]:
            return f" Two things decide it: {one} and {two}."
        case [one, two, three]:
            return f" Three things decide it: {one}, {two} and {three}."
    return ""


def _first(request: Request, dice: Dice) -> str:
    texts = dice.turned(_FIRST_STEPS)
    named = _parts(request)[: min(3, len(request.parts))]
    items = [f"**{raised(part)}.** {text}" for part, text in zip(named, texts, strict=False)]
    if request.audience and request.is_english:
        items.insert(0, f"**A day with {escaped(lowered(request.audience))}.** {_WATCH}")
    items += [f"**{title}.** {text}" for title, text in request.family.first]
    return "## What to build first\n\n" + "".join(f"{n}. {item}\n" for n, item in enumerate(items[:5], 1)) + "\n"


def _system(request: Request, dice: Dice) -> str:
    one, two = request.family.modules
    words = [term.lower() for term in request.terms if re.fullmatch(r"[A-Za-z]+", term)]
    things = [word for word in words if is_plural(word) and word not in (one, two)]
    third = dice.pick(things or ["people"])
    stack = [dice.pick(_WEB), dice.pick(_API), ("PostgreSQL", _why_postgres(request)), *request.family.stack]
    if request.second is not GENERIC:
        stack.append(request.second.stack[0])
    stack.append(dice.pick(_RUN))
    return (
        "## Shape of the system\n\n"
        f"Three modules in one process are enough. `{one}` owns what people look for, `{two}` owns what happens to it "
        f"and in which state it is, and `{third}` holds what only this product has. They meet in the database and "
        "nowhere else, so that each can be read, tested and replaced by itself.\n\n"
        + "".join(f"- **{name}.** {reason}\n" for name, reason in stack)
        + "\n"
    )


def _why_postgres(request: Request) -> str:
    if request.astral:
        return f"Transactions, search and a queue in one place; text is UTF-8 all the way, `{request.astral}` included."
    return "Transactions, search and a queue in one place, and a restore that one person can rehearse."


def _milestones(request: Request, dice: Dice, name: str) -> str:
    parts = _parts(request)
    templates = cycle(dice.turned(_STEPS))
    steps = [template.format(part=_inline(part)) for part, template in zip(parts, templates, strict=False)]
    plan = (
        (
            "A walking skeleton",
            1,
            [f"Deploy an empty page of {name} with sign-in, a health check and a way back.", *steps[:2]],
        ),
        (
            "The first real use",
            2 + len(parts) // 4,
            [*steps[2:5], f"Ten people use {name} for something that matters to them."],
        ),
        (
            "Worth relying on",
            2,
            [
                *steps[5:],
                "Kill each part in the middle of its work; nothing that was confirmed is lost.",
                f"Restore a backup in front of somebody who has never seen {name} before.",
            ],
        ),
        ("Open to all", 1, ["Limits, abuse reports and deletion of one's own data.", _last_step(request)]),
    )
    text, week = "## Milestones\n\n", 1
    for title, weeks, todo in plan:
        span = f"week {week}" if weeks == 1 else f"weeks {week} to {week + weeks - 1}"
        text += f"### {title}, {span}\n\n" + "".join(f"- {step}\n" for step in todo) + "\n"
        week += weeks
    return text


def _inline(part: str) -> str:
    return part if part.startswith("“") else f"*{lowered(part)}*"


def _last_step(request: Request) -> str:
    what, now, goal = request.family.proof
    return f"{what}: from {now} to {goal}, measured the same way as in the first week."


def _risks(request: Request, dice: Dice) -> str:
    risks = list(request.family.risks)
    if request.second is not request.family:
        risks.append(dice.pick(request.second.risks))
    return "## Risks\n\n" + "".join(f"- **{title}.** {answer}\n" for title, answer in risks) + "\n"


def _proof(request: Request) -> str:
    what, now, goal = request.family.proof
    other, start, end = _RETURN if request.family is not GENERIC else _FOUND
    return (
        "## How to tell that it works\n\n"
        "| What | At the start | Good |\n| --- | --- | --- |\n"
        f"| {what} | {now} | {goal} |\n"
        f"| {other} | {start} | {end} |\n"
        "| A page's first words | 1 s | 300 ms |\n\n"
        f"Look at these three once a week, and at nothing else until the first of them is good.\n\n"
    )
