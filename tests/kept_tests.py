"""Which tests `make test` keeps, and what of the code of tests those reach: read as it is written, never imported."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

NamedTest = tuple[str, str]
"""The file of a test, as `tests/e2e/test_resume.py`, and its name or that of anything else that stands there."""

_LEFT_OUT: Final = re.compile(r"\bmark\.(whole|sampled)\b")


def files_below(folder: str) -> tuple[str, ...]:
    """Return the files of tests below a folder of the repository."""
    return tuple(str(file.relative_to(ROOT)) for file in sorted((ROOT / folder).rglob("test_*.py")))


def all_tests(file: str) -> tuple[NamedTest, ...]:
    """Return the tests of a file."""
    return tuple((file, name) for name in _defined(file) if name.startswith("test_"))


def marks_of(place: NamedTest) -> tuple[ast.expr, ...]:
    """Return the marks of a test by which it may be left out: its own, and those of its file."""
    of_file = _defined(place[0]).get("pytestmark")
    node = _defined(place[0])[place[1]]
    own = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    value = of_file.value if isinstance(of_file, ast.Assign) else None
    marks = [*own, *(value.elts if isinstance(value, ast.List) else [value] if value else [])]
    return tuple(mark for mark in marks if _LEFT_OUT.search(ast.unparse(mark)))


def is_kept(place: NamedTest) -> bool:
    """Whether there is such a test, and `make test` runs it whatever the seed."""
    return place in all_tests(place[0]) and not marks_of(place)


def is_sampled(place: NamedTest) -> bool:
    """Whether the seed decides if `make test` runs the test: at least one of those of its file is run."""
    marks = [ast.unparse(mark) for mark in marks_of(place)]
    return bool(marks) and all(".sampled(" in mark for mark in marks)


@cache
def code_of(place: NamedTest) -> str:
    """Return the code of a test, and of all that it reaches in files of tests: fixtures, helpers, constants.

    The parameters of a sampled test are not part of it: a run may take the one of which they say something else.
    """
    reached, waiting = dict[NamedTest, str](), [place]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            node = _defined(here[0])[here[1]]
            if isinstance(node, ast.FunctionDef) and is_sampled(here):
                node = ast.FunctionDef(**{**vars(node), "decorator_list": []})
            reached[here] = ast.unparse(node)
            waiting += _mentioned(here[0], node)
    return "\n".join(reached.values())


def _mentioned(file: str, node: ast.stmt) -> Iterator[NamedTest]:
    """Yield what a part of a file refers to by name; a fixture is named by a parameter."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    for name in names | {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}:
        if name in _defined(file):
            yield file, name
        elif name in _imported(file):
            yield _imported(file)[name]


@cache
def _body(file: str) -> list[ast.stmt]:
    return ast.parse((ROOT / file).read_text(encoding="utf-8")).body if (ROOT / file).is_file() else []


@cache
def _defined(file: str) -> dict[str, ast.stmt]:
    """Return what a file defines at its top, by name; nothing of a file that is not there."""
    return {name: node for node in _body(file) for name in _names(node)}


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


@cache
def _imported(file: str) -> dict[str, NamedTest]:
    """Return what a file imports from other files of tests, by the name that it has here."""
    found = dict[str, NamedTest]()
    for node in _body(file):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.rpartition(".")[2].startswith("test_"):
            origin = f"{node.module.replace('.', '/')}.py"
            found |= {each.asname or each.name: (origin, each.name) for each in node.names}
    return found
