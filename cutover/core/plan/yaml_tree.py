"""The strict YAML loader: reads text into plain data, with the line of every part, and spells field paths.

It accepts only what every YAML parser reads in the same way: no duplicate keys, anchors, aliases, tags, merge keys or
further documents. Limits on size, depth and number of parts stop a YAML bomb early.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

import yaml

from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.base.frozen import frozen
from cutover.core.plan.yaml_events import NOTHING, EventSort, Unquoted, YamlEvent, YamlEvents, unquoted_word

PlanPath = tuple[str | int, ...]
"""The path of a part of the document: keys and indices from the root."""

_ANOTHER_KEY: Final = re.compile(r":(?:\s|$)|[\"']")
_LIMIT: Final = 60


def spelled_path(path: PlanPath) -> str:
    """Return the path as messages spell it: `spec.changes[0].env.name`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def shortened(text: str) -> str:
    """Return text from the plan, cut and without unprintable characters, so that it fits into a line of a message.

    It is cut where another key's value may begin, too: a quote that is not closed takes in the lines that follow it.
    """
    ends = [_LIMIT, *(match.start() for match in _ANOTHER_KEY.finditer(text[:_LIMIT]))]
    shown = "".join(char if char.isprintable() else "?" for char in text[: min(ends)])
    return f"{shown}…" if len(text) > min(ends) else shown


def kind_of(value: Any) -> str:
    """Return the kind of a part of a plan, without showing its value."""
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


MAX_LENGTH: Final = 1 << 20
MAX_DEPTH: Final = 50
MAX_PARTS: Final = 12_000

# All characters that YAML 1.2 does not call printable, and the byte order mark, which YAML allows at the start.
_UNPRINTABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Characters that an escape in double quotes can spell, but neither an environment variable nor JSON can hold.
_IMPOSSIBLE: Final = re.compile("[\0\ud800-\udfff]")
# JSON spells a character beyond U+FFFF as two escapes; PyYAML does not join the halves.
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@frozen
class Tree:
    """A document as strings, booleans, `Unquoted`, lists and dicts; the line of each field path; the problems found."""

    file: str
    data: Any = field(repr=False)
    lines: Mapping[PlanPath, int] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def line(self, path: PlanPath) -> int:
        """Return the line of a field path, or of its nearest parent that has one."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), 1)

    def problem(self, path: PlanPath, message: str, remedy: str) -> Problem:
        """Return a problem at a field path of this document."""
        return Problem(message, path=spelled_path(path), file=self.file, line=self.line(path), remedy=remedy)


def tree_of(text: str, file: str) -> Tree:
    """Return the one document in `text`; everything that makes it ambiguous becomes a problem of the tree.

    Raises:
        InvalidPlanError: the text is too large or not YAML; nothing after that position was read.
    """
    _refuse_unreadable(text, file)
    composer = _Composer(text, file)
    try:
        data = composer.document()
    except yaml.MarkedYAMLError as error:
        raise InvalidPlanError(*composer.problems, _syntax(error, file)) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML passes `"\UFFFFFFFF"` to `chr`, and a version of 5000 digits to `int`.
        message = "this is not YAML: an escape or a directive cannot be read"
        raise InvalidPlanError(*composer.problems, Problem(message, file=file, line=composer.line)) from None
    return Tree(file, data, composer.lines, tuple(composer.problems))


def _joined(halves: re.Match[str]) -> str:
    """Return the character that two surrogates encode."""
    return halves.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _refuse_unreadable(text: str, file: str) -> None:
    if len(text) > MAX_LENGTH:
        problem = f"expected at most {MAX_LENGTH} characters, found {len(text)}"
        raise InvalidPlanError(Problem(problem, file=file, line=1, remedy="a plan holds references, not data"))
    odd = _UNPRINTABLE.search(text)
    if odd:
        problem = f"expected printable text, found the character U+{ord(odd.group()):04X}"
        line = text.count("\n", 0, odd.start()) + 1
        raise InvalidPlanError(
            Problem(problem, file=file, line=line, remedy="remove it, or save the file as plain UTF-8")
        )


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    begun = f"{error.context} from line {error.context_mark.line + 1} on" if error.context_mark else error.context
    words = ", ".join(part for part in (begun, error.problem) if part)
    remedy = "indent with spaces" if "'\\t'" in words else "correct the YAML here; nothing after it was read"
    return Problem(f"this is not YAML: {words}", file=file, line=mark.line + 1 if mark else 1, remedy=remedy)


class _Composer:
    """Builds the data from events, and collects `lines` and `problems` on the way."""

    def __init__(self, text: str, file: str) -> None:
        self._events = YamlEvents(text)
        self._file = file
        self._parts = 0
        self.lines: dict[PlanPath, int] = {}
        self.problems: list[Problem] = []

    @property
    def line(self) -> int:
        """The line of the last event that could be read."""
        return self._events.line

    def document(self) -> Any:
        """Return the data of the one document."""
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
        """Return the next key; the empty string, and add a problem, if a plan cannot have such a key."""
        event = self._events.peek()
        key = self._part((*path, _KEY), depth + 1)
        merges = key == "<<" and not event.quoted
        if isinstance(key, str) and key and not merges:
            return key
        kind = "a merge key" if merges else kind_of(key) if key else "an empty one"
        self._object(path, event, f"expected a word as key, found {kind}", "write the key as a word")
        return ""

    def _scalar(self, path: PlanPath, event: YamlEvent) -> str | bool | Unquoted:
        text = _PAIR.sub(_joined, event.text)
        if _IMPOSSIBLE.search(text):
            message = "expected text, found a character that no text can hold (NUL, or half of a surrogate pair)"
            self._object(path, event, message, "remove the escape")
        text = _IMPOSSIBLE.sub("?", text)
        return text if event.quoted else unquoted_word(text)

    def _refuse_duplicate(self, path: PlanPath, event: YamlEvent, members: Mapping[str, Any]) -> None:
        key = str(path[-1])
        if key in members:
            message = f"expected each key once, found {shortened(key)} in line {self.lines[path]} already"
            self._object(path, event, message, "keep one of the two")

    def _refuse_bomb(self, path: PlanPath, event: YamlEvent, depth: int) -> None:
        self._parts += 1
        if depth <= MAX_DEPTH and self._parts <= MAX_PARTS:
            return
        limit = f"{MAX_DEPTH} levels" if depth > MAX_DEPTH else f"{MAX_PARTS} parts"
        self._object(path[:4], event, f"expected at most {limit}, found more", "a plan is small; nothing more was read")
        raise InvalidPlanError(*self.problems)

    def _refuse_marks(self, path: PlanPath, event: YamlEvent) -> None:
        """Refuse aliases, anchors and tags, because a reviewer does not see what they add or change."""
        aliases = (("alias", event.text),) if event.sort is EventSort.ALIAS else ()
        for kind, name in (*aliases, ("anchor", event.anchor), ("tag", event.tag)):
            if name:
                message = f"expected a value as it is, found the {kind} {shortened(name)}"
                self._object(path, event, message, "write the value itself, without it")

    def _object(self, path: PlanPath, event: YamlEvent, message: str, remedy: str) -> None:
        place = spelled_path(tuple(part for part in path if part not in (_KEY, "")))
        self.problems.append(Problem(message, place, self._file, event.line, remedy))


_KEY: Final = "\0key"
"""The last step of the path of a key itself, as opposed to its value; no key of a plan has this name."""

_ALIASED: Final = Unquoted("", "an alias")
