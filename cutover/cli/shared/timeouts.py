"""Reads durations on the command line, spelled as in a plan."""

from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.units import seconds_of


def timeout_seconds(text: str) -> float:
    """Return `--timeout` in seconds; infinite if it was not given.

    Raises:
        UsageError: it is not a duration, or not more than zero.
    """
    return duration_seconds("--timeout", text) if text else float("inf")


def duration_seconds(option: str, text: str) -> float:
    """Return the value of an option in seconds.

    Raises:
        UsageError: it is not a duration, or not more than zero.
    """
    seconds = _seconds(text)
    if seconds <= 0:
        raise UsageError(Problem(f"{option} is {text!r}", remedy="give a duration such as 90s, 20m or 1h30m"))
    return seconds


def _seconds(text: str) -> float:
    try:
        return seconds_of(text)
    except ValueError:
        return 0.0
