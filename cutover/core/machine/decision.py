"""What the machine answers to an observation."""

from dataclasses import dataclass

from cutover.core.endings import Cause, Outcome, SpecState
from cutover.core.facts import Fact
from cutover.core.machine.state import NEVER
from cutover.core.observation import EvidenceKind
from cutover.core.writes.write import Write


@dataclass(frozen=True, slots=True)
class TakeALook:
    """Read everything fresh from the API server."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Read one piece of evidence; `attempt` tells the same question at different times apart (restarts so far)."""

    kind: EvidenceKind
    about: str
    container: str = ""
    attempt: int = 0
    port: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Ask the person at the terminal whether the run is to stop; the answer comes as a wish."""


Command = Write | TakeALook | Ask | AskPerson


@dataclass(frozen=True, slots=True)
class NoCause:
    """The run ended as it should: there is nothing to explain."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the run ended. `proven` holds sentences about what was seen, never about what was sent.

    `next` holds commands to type.
    """

    outcome: Outcome
    cause: Cause | NoCause
    spec: SpecState
    proven: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The run has not ended."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Facts to record, commands to carry out, and the latest moment (monotonic) at which to ask again."""

    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    ask_again_at: float = NEVER
    ending: Ending | GoesOn = GoesOn()
