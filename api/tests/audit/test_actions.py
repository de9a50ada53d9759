"""The list of what is worth a row is what the code writes."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from app.audit.actions import Action

APP = Path(__file__).parents[2] / "app"


def recorded() -> Iterator[tuple[str, str]]:
    """Each action that some call of `audit.record` writes, with the file that does."""
    for file in APP.rglob("*.py"):
        tree = ast.parse(file.read_text())
        chosen = dict(assigned(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                action = chosen.get(ast.unparse(node.args[1]), node.args[1])
                words = [each.value for each in ast.walk(action) if isinstance(each, ast.Constant)]
                assert words, f"{file}:{node.lineno}: say the action where it is recorded"
                yield from ((word, file.name) for word in words if isinstance(word, str))


def assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names that stand for an action: `action: Action = …`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "Action" and node.value:
            yield ast.unparse(node.target), node.value


def test_every_action_is_written_by_some_code_and_no_other() -> None:
    assert {action for action, _ in recorded()} == set(get_args(Action))
