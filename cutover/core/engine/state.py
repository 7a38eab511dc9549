"""The state of a run: frozen; every step makes a new one."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import GOES_ON, Cause, Ending, GoesOn
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead
from cutover.core.engine.run_spec import RunSpec
from cutover.core.writes.write import Answer, Write

NEVER: Final = float("inf")
"""A moment that does not come."""


class Phase(StrEnum):
    """Where a run stands. What each phase wants, what proves it and what follows is the table in `phases`."""

    WRITE = "write"
    ADOPT = "adopt"
    CANARY = "canary"
    HOLDING = "holding"
    SETTLE = "settle"
    BAKE = "bake"
    CONFIRM = "confirm"
    DISARM = "disarm"
    ABORT = "abort"
    RESTORE = "restore"
    VERIFY = "verify"
    REVERT = "revert"
    READOPT = "readopt"
    FORCE = "force"
    REVERIFY = "reverify"
    CLOSE = "close"
    OVER = "over"


FORWARD: Final = frozenset(
    {
        Phase.WRITE,
        Phase.ADOPT,
        Phase.CANARY,
        Phase.HOLDING,
        Phase.DISARM,
        Phase.SETTLE,
        Phase.BAKE,
        Phase.CONFIRM,
    }
)
"""The phases of a run that has no verdict yet."""


@frozen
class Undecided:
    """No verdict yet."""


@frozen
class Verdict:
    """Why the run does not go on, and what follows. Set once, never changed. `at` is monotonic."""

    course: Reaction
    cause: Cause
    at: float


@frozen
class Idle:
    """No write is under way."""


@frozen
class PodMemory:
    """What has been seen of one pod of the canary over time; `first_seen`, `lost_at` are monotonic.

    `bad_exits` counts the ends of each container with a code other than 0, 137 and 143 (killed from outside).
    """

    name: str
    first_seen: float
    ready: bool = False
    ever_ready: bool = False
    relapses: int = 0
    lost_at: float = NEVER
    bad_exits: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    summary: str = ""


@frozen
class Suspicion:
    """A sign that is not certain yet, since when, and as text."""

    code: str
    subject: str
    since: float
    message: str


@frozen
class State:
    """A run at one moment. All times are monotonic seconds.

    `standing` is T1 as the server stored it, empty before the write was seen to stand. `generation` is that of our
    last write to the spec: an older Rollout is a late echo and says nothing. `sent` names the writes that were sent,
    by phase, name and occasion: none is ever sent twice. `answer` is the answer to this phase's last write, `look`
    this phase's last fresh look. `pods_asked` is how many canary pods the controller asked for, `pods_asked_at` since
    when it waits for some of them; `stable_had` is how many Ready pods stable had of those that it should still hold,
    and `stable_short_since` since when it lacks some of them, `stable_gone_since` since when it has none.
    `questioned_at` is since when a person is asked whether the run is to stop. `came_from` is the phase in which the
    run ended; `ending` is how, while only its marks are still to be taken away (`left_to_try`: by what other write).
    `lost` says who took the run over, empty as long as it is ours. `past_no_return`: the point of no return was passed.
    `denied`: the old template may not be put back, a right is missing.
    """

    brief: RunSpec
    started: float
    entered: float
    phase: Phase = Phase.WRITE
    standing: Json = field(default_factory=dict, repr=False)
    generation: int = 0
    canary_hash: str = ""
    written_at: float = NEVER
    unclear_at: float = NEVER
    adopted_at: float = NEVER
    promoted_at: float = NEVER
    step: int = -1
    pods_asked: int = 0
    pods_asked_at: float = NEVER
    stable_had: int = 0
    stable_short_since: float = NEVER
    stable_gone_since: float = NEVER
    steady_since: float = NEVER
    pods: Mapping[str, PodMemory] = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    pending: Write | Idle = Idle()
    answer: Answer | Idle = Idle()
    verdict: Verdict | Undecided = Undecided()
    watching_ended: bool = False
    leaving: bool = False
    questioned_at: float = NEVER
    suspicions: Mapping[tuple[str, str], Suspicion] = field(default_factory=dict)
    asked: frozenset[tuple[EvidenceKind, str, str, int]] = frozenset()
    got: tuple[Evidence, ...] = ()
    look_asked_at: float = NEVER
    look: FreshRead | Idle = Idle()
    restoring: bool = False
    ending: Ending | GoesOn = GOES_ON
    left_to_try: tuple[Write, ...] = ()
    lost: str = ""
    past_no_return: bool = False
    denied: bool = False
    came_from: Phase = Phase.WRITE

    @property
    def written(self) -> bool:
        """Whether the cutover's patch is known to have been stored."""
        return self.written_at != NEVER

    @property
    def adopted(self) -> bool:
        """Whether the controller was seen to take up T1."""
        return self.adopted_at != NEVER

    @property
    def promoted(self) -> bool:
        """Whether T1's revision was seen to be the stable one."""
        return self.promoted_at != NEVER

    @property
    def failing(self) -> bool:
        """Whether the verdict is set."""
        return isinstance(self.verdict, Verdict)

    def takes(self, course: Reaction) -> bool:
        """Whether the verdict is set and means this course."""
        return isinstance(self.verdict, Verdict) and self.verdict.course is course


def start(brief: RunSpec, now: float) -> State:
    """The state in which a run begins, right before its write; `now` in monotonic seconds."""
    return State(brief=brief, started=now, entered=now)
