"""How a run ended, as a value."""

from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Cause, Outcome, SpecState


@frozen
class NoCause:
    """The run ended as it should: there is nothing to explain."""


@frozen
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


@frozen
class GoesOn:
    """The run has not ended."""


GOES_ON: Final = GoesOn()
