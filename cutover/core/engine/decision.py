"""The engine's answer to an observation: the decision, with its facts and commands."""

from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Ending
from cutover.core.engine.facts import Fact
from cutover.core.engine.observation import EvidenceKind
from cutover.core.engine.state import NEVER
from cutover.core.writes.write import Write


@frozen
class RefreshAll:
    """Read every watched kind fresh from the API server, not from the watch; the result comes as a `FreshRead`."""


@frozen
class CollectEvidence:
    """Read one piece of evidence; `attempt` (restarts so far) tells the same request at different times apart."""

    kind: EvidenceKind
    about: str
    container: str = ""
    attempt: int = 0
    port: int = 0
    path: str = ""


@frozen
class ConfirmStop:
    """Ask the person at the terminal whether the run is to stop; the answer comes as an operator request."""


Command = Write | RefreshAll | CollectEvidence | ConfirmStop


@frozen
class Decision:
    """What the loop has to do: facts to record, commands to carry out, the latest time of the next step (monotonic).

    `ending` is set once the run is over; then there is no further step.
    """

    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    ask_again_at: float = NEVER
    ending: Ending | None = None
