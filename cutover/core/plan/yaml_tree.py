"""From YAML text to plain data with the line of every part: the strict loader.

Only what means the same to every reader of YAML passes: no duplicate keys, anchors, aliases, tags, merge keys or
further documents. Limits on size, depth and number of parts end a bomb before it goes off.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

import yaml

from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.base.frozen import frozen
from cutover.core.plan.yaml_events import NOTHING, EventSort, Unquoted, YamlEvent, YamlEvents, unquoted_word

# Places in a plan, and how messages spell them and what stands there.


PlanPath = tuple[str | int, ...]
"""A place in the document: keys and indices from the top."""

_LIMIT: Final = 60


def spelled_path(path: PlanPath) -> str:
    """The path as messages spell it: `spec.changes[0].env.name`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def shortened(text: str) -> str:
    """Text from the plan, cut and cleaned so that it fits into one line of a message."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:_LIMIT])
    return f"{shown}…" if len(text) > _LIMIT else shown


def kind_of(value: Any) -> str:
    """What a part of a plan is, without showing it."""
    match value:
        case Unquoted(_, kind):
            return kind
        case bool():
            return "a boolean"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "a string"


# the tree -------------------------------------------------------------------------------------------------------------


MAX_LENGTH: Final = 1 << 20
MAX_DEPTH: Final = 50
MAX_PARTS: Final = 12_000

# All but the printable characters of YAML 1.2; and the byte order mark, which YAML allows at the start.
_UNPRINTABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# What an escape in double quotes can spell, and neither an environment variable nor a JSON document can hold.
_IMPOSSIBLE: Final = re.compile("[\0\ud800-\udfff]")
# JSON spells a character beyond U+FFFF as two escapes; PyYAML leaves the halves apart.
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@frozen
class Tree:
    """A document as strings, booleans, `Unquoted`, lists and dicts; the line of each place; what was wrong with it."""

    file: str
    data: Any = field(repr=False)
    lines: Mapping[PlanPath, int] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def line(self, path: PlanPath) -> int:
        """The line of a place, or of the nearest thing around it that has one."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), 1)

    def problem(self, path: PlanPath, message: str, remedy: str) -> Problem:
        """A problem at a place of this document."""
        return Problem(message, path=spelled_path(path), file=self.file, line=self.line(path), remedy=remedy)


def tree_of(text: str, file: str) -> Tree:
    """The one document in `text`, with everything that makes it ambiguous as problems.

    Raises:
        InvalidPlanError: the text is too large or no YAML; nothing after that place was read.
    """
    _refuse_unreadable(text, file)
    composer = _Composer(text, file)
    try:
        data = composer.document()
    except yaml.MarkedYAMLError as error:
        raise InvalidPlanError(*composer.problems, _syntax(error, file)) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML hands `"\UFFFFFFFF"` to chr and a version of 5000 digits to int.
        found = "this is not YAML: an escape or a directive cannot be read"
        raise InvalidPlanError(*composer.problems, Problem(found, file=file, line=composer.line)) from None
    return Tree(file, data, composer.lines, tuple(composer.problems))


def _joined(halves: re.Match[str]) -> str:
    """The character that two surrogates stand for."""
    return halves.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _refuse_unreadable(text: str, file: str) -> None:
    if len(text) > MAX_LENGTH:
        found = f"expected at most {MAX_LENGTH} characters, found {len(text)}"
        raise InvalidPlanError(Problem(found, file=file, line=1, remedy="a plan holds references, not data"))
    odd = _UNPRINTABLE.search(text)
    if odd:
        found = f"expected printable text, found the character U+{ord(odd.group()):04X}"
        line = text.count("\n", 0, odd.start()) + 1
        raise InvalidPlanError(
            Problem(found, file=file, line=line, remedy="remove it, or save the file as plain UTF-8")
        )


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    begun = f"{error.context} from line {error.context_mark.line + 1} on" if error.context_mark else error.context
    words = ", ".join(part for part in (begun, error.problem) if part)
    remedy = "indent with spaces" if "'\\t'" in words else "correct the YAML here; nothing after it was read"
    return Problem(f"this is not YAML: {words}", file=file, line=mark.line + 1 if mark else 1, remedy=remedy)


class _Composer:
    """Builds the data from events; `lines` and `problems` grow as it goes."""

    def __init__(self, text: str, file: str) -> None:
        self._events = YamlEvents(text)
        self._file = file
        self._parts = 0
        self.lines: dict[PlanPath, int] = {}
        self.problems: list[Problem] = []

    @property
    def line(self) -> int:
        """The line of the last thing that could be read."""
        return self._events.line

    def document(self) -> Any:
        """The data of the one document."""
        self._events.next()
        if self._events.next().sort is EventSort.END:
            return Unquoted("", NOTHING)
        data = self._part((), 0)
        self._events.next()
        after = self._events.next()
        if after.sort is not EventSort.END:
            self._object((), after, "expected one document, found a second one", "put each plan into a file of its own")
        return data

    def _part(self, path: PlanPath, depth: int) -> Any:
        event = self._events.next()
        self.lines.setdefault(path, event.line)
        self._refuse_bomb(path, event, depth)
        self._refuse_marks(path, event)
        match event.sort:
            case EventSort.LIST:
                return self._list(path, depth)
            case EventSort.MAPPING:
                return self._mapping(path, depth)
            case EventSort.SCALAR:
                return self._scalar(path, event)
            case _:
                return _ALIASED

    def _list(self, path: PlanPath, depth: int) -> list[Any]:
        items: list[Any] = []
        while self._events.peek().sort is not EventSort.CLOSE:
            items.append(self._part((*path, len(items)), depth + 1))
        self._events.next()
        return items

    def _mapping(self, path: PlanPath, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while self._events.peek().sort is not EventSort.CLOSE:
            event = self._events.peek()
            key = self._key(path, depth)
            self._refuse_duplicate((*path, key), event, members)
            self.lines.setdefault((*path, key), event.line)
            value = self._part((*path, key), depth + 1)
            members |= {key: value} if key and key not in members else {}
        self._events.next()
        return members

    def _key(self, path: PlanPath, depth: int) -> str:
        """The next key; the empty string, and a problem, where it is none that a plan can have."""
        event = self._events.peek()
        key = self._part((*path, _KEY), depth + 1)
        merges = key == "<<" and not event.quoted
        if isinstance(key, str) and key and not merges:
            return key
        found = "a merge key" if merges else kind_of(key) if key else "an empty one"
        self._object(path, event, f"expected a word as key, found {found}", "write the key as a word")
        return ""

    def _scalar(self, path: PlanPath, event: YamlEvent) -> str | bool | Unquoted:
        text = _PAIR.sub(_joined, event.text)
        if _IMPOSSIBLE.search(text):
            found = "expected text, found a character that no text can hold (NUL, or half of a surrogate pair)"
            self._object(path, event, found, "remove the escape")
        text = _IMPOSSIBLE.sub("?", text)
        return text if event.quoted else unquoted_word(text)

    def _refuse_duplicate(self, path: PlanPath, event: YamlEvent, members: Mapping[str, Any]) -> None:
        key = str(path[-1])
        if key in members:
            found = f"expected each key once, found {shortened(key)} in line {self.lines[path]} already"
            self._object(path, event, found, "keep one of the two")

    def _refuse_bomb(self, path: PlanPath, event: YamlEvent, depth: int) -> None:
        self._parts += 1
        if depth <= MAX_DEPTH and self._parts <= MAX_PARTS:
            return
        limit = f"{MAX_DEPTH} levels" if depth > MAX_DEPTH else f"{MAX_PARTS} parts"
        self._object(path[:4], event, f"expected at most {limit}, found more", "a plan is small; nothing more was read")
        raise InvalidPlanError(*self.problems)

    def _refuse_marks(self, path: PlanPath, event: YamlEvent) -> None:
        """Aliases, anchors and tags: what they stand for is not what a reviewer reads."""
        aliases = (("alias", event.text),) if event.sort is EventSort.ALIAS else ()
        for kind, name in (*aliases, ("anchor", event.anchor), ("tag", event.tag)):
            if name:
                found = f"expected a value as it is, found the {kind} {shortened(name)}"
                self._object(path, event, found, "write the value itself, without it")

    def _object(self, path: PlanPath, event: YamlEvent, message: str, remedy: str) -> None:
        place = spelled_path(tuple(part for part in path if part not in (_KEY, "")))
        self.problems.append(Problem(message, place, self._file, event.line, remedy))


_KEY: Final = "\0key"
"""The place of a key itself; no key of a plan reads so."""

_ALIASED: Final = Unquoted("", "an alias")
