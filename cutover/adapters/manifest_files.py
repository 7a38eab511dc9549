"""Reading Kubernetes objects from YAML and JSON files."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from cutover.adapters.yaml_limits import BombError, demand_no_bomb
from cutover.core.base.documents import parsed, plain
from cutover.core.base.errors import Problem, UsageError

LONGEST: Final = 64 << 20
"""Bytes that one file may have: enough for a dump of a large namespace."""

_BASE: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C if PyYAML has it: it is ten times as fast."""

_DATE: Final = "tag:yaml.org,2002:timestamp"
_WORDS: Final = {
    first: [(tag, pattern) for tag, pattern in known if tag != _DATE]
    for first, known in _BASE.yaml_implicit_resolvers.items()
}
_LOADER: Final = type("_Loader", (_BASE,), {"yaml_implicit_resolvers": _WORDS})
"""A loader that reads no dates, because JSON has none: for kubectl, `2026-02-30` is a string."""

_NO_YAML: Final = (yaml.YAMLError, ValueError, OverflowError, TypeError, AttributeError, LookupError)
"""What PyYAML raises if a text is not YAML; the last four if a value does not fit its tag (`!!bool maybe`)."""


def read_manifests(files: Iterable[str]) -> tuple[Any, ...]:
    """Read the documents of all these files.

    Raises:
        UsageError: a file cannot be read, is too large, or is not YAML.
    """
    return tuple(document for file in files for document in _documents(file))


def _documents(file: str) -> list[Any]:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise UsageError(Problem(f"it is larger than {LONGEST >> 20} MiB", file=file))
        return _json(data) or _yaml(data)
    except OSError as error:
        raise UsageError(Problem(f"it cannot be read: {error.strerror}", file=file)) from error
    except BombError as bomb:
        raise UsageError(Problem(str(bomb), file=file, line=bomb.line, remedy="look at that line")) from None
    except _NO_YAML as error:
        mark = getattr(error, "problem_mark", None)
        raise UsageError(Problem("it is not YAML", file=file, line=mark.line + 1 if mark else 1)) from error


def _json(data: bytes) -> list[Any]:
    """The document of a JSON file, empty for any other: JSON is parsed twenty times as fast as YAML."""
    try:
        return [parsed(data)] if data.lstrip()[:1] in (b"{", b"[") else []
    except ValueError:
        return []


def _yaml(data: bytes) -> list[Any]:
    demand_no_bomb(data, _LOADER)
    return [plain(document) for document in yaml.load_all(data, Loader=_LOADER)]
