"""What the pure rooms may import from outside of the project; import-linter cannot tell `urllib.parse` from a socket.

A module that is not listed here reads a clock, a file, a network, a screen or chance, or nobody has looked yet whether
it does.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import cutover

PACKAGE = Path(cutover.__file__).parent

TEXT_AND_NUMBERS: Final = frozenset(
    {"base64", "binascii", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "difflib", "enum"}
    | {"fractions", "functools", "hashlib", "html", "inspect", "itertools", "json", "math", "operator", "re", "shlex"}
    | {"textwrap", "types", "typing", "urllib.parse"}
)
IN_MEMORY: Final = frozenset(
    {"deepdiff", "jsonpatch", "jsonpointer", "pydantic", "pydantic.alias_generators", "pydantic.fields"}
    | {"pydantic.json_schema", "pydantic_core", "sys", "yaml"}  # `sys` for `sys.modules`
)
PURE: Final = {"core": TEXT_AND_NUMBERS | IN_MEMORY, "render": TEXT_AND_NUMBERS | {"yaml"}}

WORLDLY: Final = re.compile(r"(open|print|input|breakpoint|__import__)|.*\.(now|utcnow|today)|sys\.(?!modules).*")
"""Names that touch the world, or this machine's settings, without an import of their own."""


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
def test_a_pure_room_uses_nothing_that_touches_the_world(room: str) -> None:
    calls = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in sorted((PACKAGE / room).rglob("*.py"))
        for name in _used(ast.parse(file.read_text()))
        if WORLDLY.fullmatch(name)
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


@pytest.mark.parametrize(
    "text", ["open(f)", "f = open", "datetime.datetime.now()", "d.now(UTC)", "sys.stdin.read()", "date.today()"]
)
def test_each_way_to_touch_the_world_is_seen(text: str) -> None:
    assert any(WORLDLY.fullmatch(name) for name in _used(ast.parse(text)))


def test_what_only_has_such_a_name_is_not_taken_for_it() -> None:
    names = set(_used(ast.parse("view.now + wake_at(state, view.now); self.open(); sys.modules[name]")))
    assert not any(WORLDLY.fullmatch(name) for name in names)


def _used(tree: ast.Module) -> Iterator[str]:
    """Yield each plain name, each function that is called, and each part of a module `sys`, as they are written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Call) or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sys"):
            yield ast.unparse(node.func if isinstance(node, ast.Call) else node)


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of each module that a file imports, at its top or in a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"  # one that begins with a dot is refused, too
