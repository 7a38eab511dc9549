"""What the pure rooms may import from outside of the project; import-linter cannot tell `urllib.parse` from a socket.

A module that is not listed here reads a clock, a file, a network, a screen or chance, or nobody has looked yet whether
it does.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import cutover

PACKAGE = Path(cutover.__file__).parent

TEXT_AND_NUMBERS: Final = frozenset(
    {"base64", "binascii", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "difflib", "enum"}
    | {"fractions", "functools", "hashlib", "inspect", "itertools", "json", "math", "operator", "re", "shlex"}
    | {"textwrap", "types", "typing", "urllib.parse"}
)
IN_MEMORY: Final = frozenset(
    {"deepdiff", "jsonpatch", "jsonpointer", "pydantic", "pydantic.alias_generators", "pydantic.fields"}
    | {"pydantic.json_schema", "pydantic_core", "sys", "yaml"}  # `sys` for `sys.modules`
)
PURE: Final = {"core": TEXT_AND_NUMBERS | IN_MEMORY, "render": TEXT_AND_NUMBERS | {"yaml"}}

WORLDLY: Final = frozenset(
    {"open", "print", "input", "breakpoint", "__import__"}
    | {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
)
"""What touches the world without an import of its own."""


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_imports_nothing_that_touches_the_world(room: str) -> None:
    strangers = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in sorted((PACKAGE / room).rglob("*.py"))
        for name in _imported(ast.parse(file.read_text()))
        if name not in PURE[room] and not f"{name}.".startswith("cutover.")
    }
    assert strangers == set()


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_calls_nothing_that_touches_the_world(room: str) -> None:
    calls = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in sorted((PACKAGE / room).rglob("*.py"))
        for name in _called(ast.parse(file.read_text()))
        if name in WORLDLY
    }
    assert calls == set()


@pytest.mark.parametrize(
    "line",
    [
        "import pathlib",
        "from http import client",
        "import http.client",
        "from urllib import request",
        "import time as t",
    ],
)
def test_each_way_to_import_is_seen(line: str) -> None:
    assert not set(_imported(ast.parse(f"def f():\n    {line}"))) <= PURE["core"]


def test_a_call_is_seen_by_the_name_that_it_is_written_with() -> None:
    assert list(_called(ast.parse("open(datetime.now())"))) == ["open", "datetime.now"]


def _called(tree: ast.Module) -> Iterator[str]:
    """Yield each function that a file calls, as it is written there."""
    yield from (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of each module that a file imports, at its top or in a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
