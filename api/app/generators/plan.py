"""A plan as data, read from the Markdown that was streamed, so that the two can never tell different stories."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from pydantic import BaseModel


class StackChoice(BaseModel):
    """A part of the system, and why it is there."""

    name: str
    reason: str


class Milestone(BaseModel):
    """Something that can be shown, and the steps to it."""

    title: str
    steps: list[str]


class Risk(BaseModel):
    """What may go wrong, and what is done about it."""

    title: str
    mitigation: str


class Plan(BaseModel):
    """A project plan."""

    title: str
    summary: str
    stack: list[StackChoice]
    milestones: list[Milestone]
    risks: list[Risk]


Section = Literal["intro", "stack", "milestones", "risks", "other"]

_SECTIONS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("milestones", re.compile(r"milestone|roadmap|phase|timeline", re.IGNORECASE)),
    ("risks", re.compile(r"risk|go wrong|pitfall", re.IGNORECASE)),
    ("stack", re.compile(r"stack|shape|architecture|technolog|components", re.IGNORECASE)),
)


_SECTION_LEVEL = 2
_TABLE_HEAD = re.compile(r"^[ \t]*\|.*\n[ \t]*\|[ \t|:-]+$", re.MULTILINE)


class _Line(NamedTuple):
    kind: Literal["heading", "item", "row", "text"]
    level: int
    text: str


def plan_of(markdown: str) -> Plan:
    """Reads a plan from Markdown. What isn't there stays empty: a cut or unusual text is no error."""
    plan = Plan(title="", summary="", stack=[], milestones=[], risks=[])
    lines = list(_lines(_TABLE_HEAD.sub("", markdown)))
    title = next((line for line in lines if line.kind == "heading"), lines[0] if lines else None)
    section: Section = "intro"
    for line in lines[lines.index(title) :] if title else ():
        if line is title:
            plan.title = _plain(line.text)
        elif line.kind == "heading" and line.level <= _SECTION_LEVEL:
            section = _section(line.text, plan)
        elif section == "intro" and line.kind == "text":
            plan.summary = plan.summary or _plain(line.text)
        elif section == "milestones":
            _add_to_milestones(plan.milestones, line)
        elif section == "stack" and (pair := _pair(line)):
            plan.stack.append(StackChoice(name=pair[0], reason=pair[1]))
        elif section == "risks" and (pair := _pair(line)):
            plan.risks.append(Risk(title=pair[0], mitigation=pair[1]))
    return plan


def _section(heading: str, plan: Plan) -> Section:
    """What the heading opens; the first of each kind counts, since later ones may speak of the product's own risks."""
    return next((name for name, pattern in _SECTIONS if pattern.search(heading) and not getattr(plan, name)), "other")


def _add_to_milestones(milestones: list[Milestone], line: _Line) -> None:
    """A milestone is a heading, or an outer list item, and its steps are the items below."""
    if line.kind == "heading" or (line.kind == "item" and line.level == 0 and _opens_milestone(milestones, line)):
        milestones.append(Milestone(title=_plain(line.text).rstrip(":. "), steps=[]))
    elif line.kind == "item" and milestones:
        milestones[-1].steps.append(_plain(line.text))


def _opens_milestone(milestones: list[Milestone], line: _Line) -> bool:
    return not milestones or line.text.startswith("**")


def _pair(line: _Line) -> tuple[str, str] | None:
    """`**Name.** Reason`, `Name: reason` or a table's row, as its two halves."""
    if line.kind not in ("item", "row"):
        return None
    if line.kind == "row":
        cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", line.text.strip().strip("|"))]
        return (cells[0], cells[1]) if len(cells) > 1 else None
    if bold := re.match(r"\*\*(.+?)\*\*[\s:.—-]*(.*)", line.text):
        return _plain(bold[1]).rstrip(":. "), _plain(bold[2])
    name, _, reason = line.text.partition(": ")
    return _plain(name), _plain(reason)


def _lines(markdown: str) -> Iterator[_Line]:
    """The lines that carry words, a paragraph's lines joined to one."""
    for kind, group in _grouped(markdown.splitlines()):
        if kind == "text":
            yield _Line("text", 0, " ".join(group))
        else:
            for raw in group:
                yield from _structured(raw)


def _grouped(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    paragraph: list[str] = []
    in_code = False
    for raw in lines:
        fence = raw.lstrip().startswith(("```", "~~~"))
        in_code ^= fence
        structured = re.match(r"\s*(#{1,6}\s|[-*+]\s|\d+[.)]\s|\|)", raw)
        if not (fence or in_code or structured or not raw.strip()):
            paragraph.append(raw.strip())
            continue
        if paragraph:
            yield "text", paragraph
            paragraph = []
        if structured and not in_code:
            yield "line", [raw]
    if paragraph:
        yield "text", paragraph


def _structured(raw: str) -> Iterator[_Line]:
    if heading := re.match(r"\s{0,3}(#{1,6})\s+(.*)", raw):
        yield _Line("heading", len(heading[1]), heading[2].rstrip().rstrip("#"))
    elif item := re.match(r"(\s*)(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)", raw):
        yield _Line("item", len(item[1].expandtabs(4)) // 2, item[2])
    elif raw.lstrip().startswith("|") and not re.fullmatch(r"[\s|:-]+", raw):
        yield _Line("row", 0, raw)


def _plain(markdown: str) -> str:
    """The words of an inline Markdown text."""
    # no pattern reads on past where the next match may begin: a text of brackets took a worker's loop for minutes
    text = re.sub(r"!?\[([^\[\]]*)\]\(([^()]|\([^()]*\))*\)", r"\1", markdown)
    text = re.sub(r"(?<!\\)(\*\*|__|`)", "", text)
    text = re.sub(r"(?<![\\\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])", r"\1", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).strip()
