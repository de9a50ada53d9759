"""Whose rows a query is about is said in the query: of every table whose rows have an owner, in every repository."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from app.core.db import Base
from app.main import build

APP = Path(__file__).parents[1] / "app"
OWNER = {"user_id", "owner_id"}

# what asks for rows without their owner, and why that is right
WITHOUT = {
    "accounts.profile_repository.came_from_provider": "of the caller's own session",
    "accounts.sessions_repository.lock": "of the session that a token is of, which has a tag of ours",
    "accounts.sessions_repository.store": "of a session that is locked by now",
    "accounts.sessions_repository.note_uses": "of sessions whose tokens were good",
    "admin.repository.page": "an administrator sees everybody",
    "api_keys.repository.by_hash": "who has the key says who it is",
    "api_keys.repository.note_use": "of keys that were good",
    "identities.repository.owner": "who has the identity says who it is",
    "identities.repository.used": "of the identity that just signed in",
    "mail.repository.claim": "the sender's",
    "mail.repository.give_up": "the sender's",
    "mail.repository.done": "the sender's",
    "mail.repository.again": "the sender's",
    "mail.repository.take_link": "who has the link's secret says who it is",
    "mail.repository.find_link": "who has the link's secret says who it is",
}


def owned() -> dict[str, str]:
    """The tables whose rows are somebody's, by the names of their classes."""
    build()  # imports them all
    found = {}
    for mapper in Base.registry.mappers:
        columns = inspect(mapper.class_).columns
        keys = {key.column.table.name for name in OWNER & set(columns.keys()) for key in columns[name].foreign_keys}
        if "users" in keys:
            found[mapper.class_.__name__] = str(mapper.local_table)
    return found


TABLES = owned()
OF_OWNED = re.compile("|".join([*TABLES, *(rf"\b(FROM|UPDATE|INTO|JOIN) {table}\b" for table in TABLES.values())]))
SAYS_WHOSE = re.compile(
    r"visible_to\(|:caller\b|\b(user_id|owner_id) ?==? ?(caller\.|user_id|:|bindparam)"
    r"|UserRow\.id == (user_id|bindparam)|'(user_id|owner)': "  # the last one: of a new row
)


def queries() -> Iterator[tuple[str, str]]:
    """Each function of a repository, with the text of the constants that it names."""
    for file in sorted(APP.rglob("*repository.py")):
        tree = ast.parse(file.read_text())
        constants = {
            ast.unparse(node.targets[0]): ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Assign)
        }
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{file.parent.name}.{file.stem}.{node.name}", whole(ast.unparse(node), constants)


def whole(code: str, constants: dict[str, str]) -> str:
    names = {name for name in constants if re.search(rf"(?<!\w){re.escape(name)}\b", code)}
    rest = {name: text for name, text in constants.items() if name not in names}
    return code + "".join(whole(constants[name], rest) for name in names)


QUERIES = dict(queries())


def test_the_tables_with_owners_are_known() -> None:
    assert {"TaskRow", "ApiKeyRow", "SessionRow", "IdentityRow"} <= TABLES.keys()


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_says_whose_rows_it_is_about(name: str) -> None:
    text = QUERIES[name]

    says = not OF_OWNED.search(text) or SAYS_WHOSE.search(text) is not None

    assert says != (name in WITHOUT)
