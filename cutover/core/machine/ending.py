"""How a run ended, as a value."""

from dataclasses import dataclass
from typing import Final

from cutover.core.endings import Cause, Outcome, SpecState


@dataclass(frozen=True, slots=True)
class NoCause:
    """The run ended as it should: there is nothing to explain."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the run ended. `proven` holds sentences about what was seen, never about what was sent.

    `next` holds commands to type. `past_no_return`: the plan's point of no return was passed.
    """

    outcome: Outcome
    cause: Cause | NoCause
    spec: SpecState
    proven: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    past_no_return: bool = False


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The run has not ended."""


GOES_ON: Final = GoesOn()
