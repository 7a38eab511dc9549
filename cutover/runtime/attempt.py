"""Calling what must not end a thread or a run if it fails: the defect is kept in a file, and the caller goes on."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from cutover.adapters.crash_log import log_crash

T = TypeVar("T")


def attempt(
    call: Callable[[], T],
    otherwise: Callable[[Exception], T],
    note_defect: Callable[[BaseException], object] = log_crash,
) -> T:
    """Return what the call returns, or, if it raises anything, what `otherwise` makes of that."""
    try:
        return call()
    except Exception as defect:  # noqa: BLE001 -- whatever it is: a run that has written has to come to its own ending
        with suppress(Exception):
            note_defect(defect)
        return otherwise(defect)


def attempt_to(call: Callable[[], object], note_defect: Callable[[BaseException], object] = log_crash) -> None:
    """Make a call of which nothing depends on the result."""
    attempt(call, lambda _defect: None, note_defect)


def name_of(defect: Exception) -> str:
    """Return how a defect is named to people: its message may quote a value."""
    return f"a defect in cutover ({type(defect).__name__})"
