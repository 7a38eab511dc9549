"""Reading values for Secrets from files, the environment and standard input; each is sealed as soon as it is read."""

import os
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cutover.core.base.secret_text import SecretText
from cutover.core.patch.planned import Supplied
from cutover.core.plan.changes import FromEnvironment, FromFile, FromStdin, ValueSource

LONGEST: Final = 1 << 20
"""Bytes that a value may have; a whole Secret cannot be larger (Kubernetes `pkg/apis/core: MaxSecretSize`)."""

STDIN: Final = "-"


def read_sources(sources: Iterable[ValueSource], plan_file: str) -> Mapping[ValueSource, Supplied | str]:
    """Read the sources that lie outside of the cluster: for each its value, or in words why it has none.

    A file's path is relative to the folder of the plan.
    """
    outside = (
        source for source in dict.fromkeys(sources) if isinstance(source, FromFile | FromEnvironment | FromStdin)
    )
    return {source: _value(source, plan_file) for source in outside}


def _value(source: FromFile | FromEnvironment | FromStdin, plan_file: str) -> Supplied | str:
    match source:
        case FromFile(path):
            return _of_file(Path(plan_file).parent / path if plan_file != STDIN else Path(path))
        case FromEnvironment(variable):
            value = os.environb.get(variable.encode())
            return _sealed(value) if value is not None else f"the environment has no variable {variable}"
        case FromStdin():
            return _of_stdin(plan_file)


def _of_file(path: Path) -> Supplied | str:
    try:
        with path.open("rb") as file:
            return _sealed(file.read(LONGEST + 1))
    except (OSError, ValueError) as error:
        return f"{path} cannot be read: {getattr(error, 'strerror', '') or 'it is no path'}"


def _of_stdin(plan_file: str) -> Supplied | str:
    if plan_file == STDIN:
        return "the plan itself comes from standard input"
    if sys.stdin is None or sys.stdin.isatty():
        return "standard input is a terminal: a value has to be piped in"
    return _sealed(sys.stdin.buffer.read(LONGEST + 1))


def _sealed(value: bytes) -> Supplied | str:
    """The value byte for byte: a tool cannot know whether a line end at its end belongs to it."""
    if not value:
        return "it is empty"
    if len(value) > LONGEST:
        return f"it has more than {LONGEST} bytes"
    return Supplied(SecretText(b64encode(value).decode()), binary=not _is_text(value))


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
