"""How a run can end: outcomes with their exit codes, attributions, and the value that describes how one run ended.

The exit codes are a contract with pipelines and pagers: "handled safely" and "call a human now" never share one.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen


class Outcome(StrEnum):
    """The outcome of a run, as reports and messages spell it."""

    PROMOTED = "promoted"
    UNCHANGED = "unchanged"
    PLANNED = "planned"
    DONE = "done"
    ERROR = "error"
    INVALID = "invalid"
    REFUSED = "refused"
    STALE = "stale"
    LOCKED = "locked"
    UNREACHABLE = "unreachable"
    HELD = "held"
    UNVERIFIED = "unverified"
    HOLDING = "holding"
    SUPERSEDED = "superseded"
    UNOBSERVABLE = "unobservable"
    CONTAINED = "contained"
    REVERTED = "reverted"
    INTERRUPTED = "interrupted"


EXIT_CODES: Final[Mapping[Outcome, int]] = MappingProxyType(
    {
        Outcome.PROMOTED: 0,
        Outcome.UNCHANGED: 0,
        Outcome.PLANNED: 0,
        Outcome.DONE: 0,
        Outcome.ERROR: 1,
        Outcome.INVALID: 2,
        Outcome.REFUSED: 3,
        Outcome.STALE: 4,
        Outcome.LOCKED: 5,
        Outcome.UNREACHABLE: 7,
        Outcome.HELD: 10,
        Outcome.UNVERIFIED: 11,
        Outcome.HOLDING: 12,
        Outcome.SUPERSEDED: 13,
        Outcome.UNOBSERVABLE: 14,
        Outcome.CONTAINED: 15,
        Outcome.REVERTED: 16,
        Outcome.INTERRUPTED: 130,
    }
)

DIFFERENCES_FOUND: Final = 6
"""The exit code of `cutover diff --exit-code` when the plan changes something; not an outcome of a run."""


class Attribution(StrEnum):
    """What a failure is attributed to. Only `config` says that the plan is bad."""

    CONFIG = "config"
    INFRASTRUCTURE = "infrastructure"
    CAPACITY = "capacity"
    METRIC = "metric"
    STABLE = "stable"
    PERSON = "person"
    UNKNOWN = "unknown"


@frozen
class Cause:
    """Why a run ended as it did.

    `code` is from a closed, documented list (`deadline`, `crash-loop`, …); `message` is one redacted sentence.
    """

    attribution: Attribution
    code: str
    message: Words


class SpecState(StrEnum):
    """What the Rollout's spec holds when a run ends."""

    RESTORED = "restored"
    LEFT = "left"
    UNCHANGED = "unchanged"
    PROMOTED = "promoted"
    UNKNOWN = "unknown"


@frozen
class Ending:
    """How the run ended. `proven` holds sentences about what was observed, never about what was only sent.

    `next` holds commands to type. `past_no_return`: the plan's point of no return was passed.
    """

    outcome: Outcome
    cause: Cause | None
    spec: SpecState
    proven: tuple[Words, ...] = ()
    unproven: tuple[Words, ...] = ()
    next: tuple[str, ...] = ()
    past_no_return: bool = False
