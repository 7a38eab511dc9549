"""How goldens are kept: texts where a person would look, digests of everything else; sorted, one line for a case."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.goldens.case import CaseOutput, Group, Results

FOLDER: Final = Path(__file__).parent
LENGTH: Final = 10
"""Characters of a digest: it only has to differ from one other."""

NOTHING: Final = "-"


def kept_files(groups: Iterable[Group], results: Results) -> dict[str, str]:
    """The content of every file of goldens, by its name below the folder."""
    files: dict[str, list[str]] = {}
    for group in sorted(groups, key=lambda group: group.name):
        seen = results[group.name]
        if group.whole:
            files[f"texts/{group.name}.txt"] = [_input(group), *(_block(group, name, seen) for name in seen)]
        else:
            files.setdefault(f"digests/{group.section}.txt", []).extend(_lines(group, seen))
    return {name: "".join(parts) for name, parts in sorted(files.items())}


def read() -> dict[str, str]:
    """The files of goldens as they are kept."""
    names = (*FOLDER.glob("texts/**/*.txt"), *FOLDER.glob("digests/*.txt"))
    return {str(file.relative_to(FOLDER)): file.read_text() for file in sorted(names)}


def write(files: Mapping[str, str], sections: Iterable[str]) -> None:
    """Replace the files of these sections, and leave those of others as they are."""
    known = tuple(sections)
    for name in read():
        if section_of(name) in known and name not in files:
            (FOLDER / name).unlink()
    for name, text in files.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text)


def section_of(file: str) -> str:
    """The section that a file of goldens belongs to."""
    return file.split("/")[1].removesuffix(".txt")


def digest(text: str) -> str:
    """A short digest; nothing has one that is seen at a glance."""
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH] if text else NOTHING


def _input(group: Group) -> str:
    """A line for what the group was run with: other inputs are told apart from other outputs."""
    words = (repr((each.name, each.arguments, each.stdin, each.keeps)) for each in group.cases)
    text = "".join((*words, *(f"{name} {content!r}" for name, content in sorted(group.files.items()))))
    return f"{group.name} input {digest(text)}\n"


def _lines(group: Group, seen: Mapping[str, CaseOutput]) -> list[str]:
    lines = (
        f"{group.name} {name} {each.code} {digest(each.out)} {digest(each.err)}{_rest(each)}\n"
        for name, each in sorted(seen.items())
    )
    return [_input(group), *lines]


def _rest(seen: CaseOutput) -> str:
    return "".join(f" {digest(text)}" for text in (seen.kept, seen.left)) if seen.kept or seen.left else ""


def block_text(seen: CaseOutput) -> str:
    """All that was seen, line by line: `|` for standard output, `!` for standard error, `>` for a file, `+` a name."""
    streams = (("|", seen.out), ("!", seen.err), (">", seen.kept), ("+", seen.left))
    return "".join(_marked(mark, text) for mark, text in streams) + f"exit code {seen.code}\n"


def _block(group: Group, name: str, seen: Mapping[str, CaseOutput]) -> str:
    words = next(each.arguments for each in group.cases if each.name == name)
    return f"\n=== {name}\n$ cutover {' '.join(words)}\n{block_text(seen[name])}"


def _marked(mark: str, text: str) -> str:
    """Each line with a mark before it; one that ends without a line break says so."""
    lines = text.split("\n")
    ended = lines[:-1] if lines[-1] == "" else [*lines, "\\ without a line break at the end"]
    return "".join(
        f"{mark} {line}".rstrip(" ") + "\n" if not line.endswith(" ") else f"{mark} {line}\n" for line in ended
    )
