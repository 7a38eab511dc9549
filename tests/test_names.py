"""Names, of the tests too: each public class's once, and no two files of a package that a reader would mix up."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

import cutover

ROOT = Path(cutover.__file__).parents[1]
FILES = sorted(file for house in ("cutover", "tests") for file in (ROOT / house).rglob("*.py"))
FOLDERS = sorted({file.parent for file in FILES})


def test_no_two_public_classes_or_types_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in FILES:
        for name in _types_of(ast.parse(file.read_text())):
            places[name].append(str(file.relative_to(ROOT)))
    assert len(places) > 500, "the classes were not found"
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_no_two_names_in_a_package_differ_by_a_letter(folder: Path) -> None:
    names = sorted(path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    assert [pair for pair in combinations(names, 2) if _differ_by_a_letter(*pair)] == []


@pytest.mark.parametrize(("one", "other"), [("edit", "edits"), ("note", "node"), ("abort", "about")])
def test_names_that_differ_by_a_letter_are_seen(one: str, other: str) -> None:
    assert _differ_by_a_letter(one, other)
    assert _differ_by_a_letter(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("edit", "edit"), ("diff", "diff_text"), ("pod", "paused"), ("form", "from")]
)
def test_other_names_are_not_taken_for_such(one: str, other: str) -> None:
    assert not _differ_by_a_letter(one, other)


def _types_of(tree: ast.Module) -> Iterator[str]:
    """Return the public classes and type aliases of a module; an alias is assigned, and written like a class."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from (node.name,) if node.name[0].isupper() else ()
            continue
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            continue
        yield from (name for name in names if name[0].isupper() and not name.isupper())


def _differ_by_a_letter(one: str, other: str) -> bool:
    """Whether one letter put in, left out or exchanged makes one name of the other."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return any(long[:index] + long[index + 1 :] == short for index in range(len(long)))
