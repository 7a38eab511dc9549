"""The state of a run and the types in it; it is frozen, and every step makes a new one."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.base.cluster_text import Words
from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Cause, Ending
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead
from cutover.core.engine.run_spec import RunSpec
from cutover.core.writes.write import Answer, Write

NEVER: Final = float("inf")
"""A moment that never comes."""


class Phase(StrEnum):
    """The phase of a run. `phase_table` has the write, the proof and the next phase of each."""

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
class Verdict:
    """Why the run does not go on, and the reaction to it. Set once, never changed. `at` is monotonic."""

    reaction: Reaction
    cause: Cause
    at: float


@frozen
class PodMemory:
    """What has been seen of one canary pod over time; `first_seen` and `lost_at` are monotonic.

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
    summary: Words = ""


@frozen
class Suspicion:
    """A sign that is not certain yet; `since` is monotonic."""

    code: str
    subject: str
    since: float
    message: Words


@frozen
class State:
    """A run at one moment. All times are monotonic seconds; `NEVER` where the thing has not happened."""

    run_spec: RunSpec
    # When the run began, and when its current phase did.
    started: float
    entered: float
    phase: Phase = Phase.WRITE
    # T1 as the API server stored it; empty until it was seen in the spec.
    stored_template: Json = field(default_factory=dict, repr=False)
    # Generation of our last write to the spec: an older Rollout is a late event of the watch and says nothing.
    generation: int = 0
    # h1, once the controller has adopted T1.
    canary_hash: str = ""
    written_at: float = NEVER
    # When the answer to a write was lost.
    unclear_at: float = NEVER
    adopted_at: float = NEVER
    promoted_at: float = NEVER
    # The step that was last recorded; -1 before the first.
    step: int = -1
    # How many canary pods the controller asked for, and since when it waits for some of them.
    pods_asked: int = 0
    pods_asked_at: float = NEVER
    # How many Ready pods stable had of those that it should still hold; since when it lacks some, and since when all.
    stable_had: int = 0
    stable_short_since: float = NEVER
    stable_gone_since: float = NEVER
    # Since when the conditions of the promotion gate have held without a break.
    steady_since: float = NEVER
    # What was seen of the canary's pods, by uid.
    pods: Mapping[str, PodMemory] = field(default_factory=dict)
    # The writes that were sent, by phase, name and occasion: none is ever sent twice.
    sent_writes: frozenset[str] = frozenset()
    # The write under way.
    pending: Write | None = None
    # The answer to the last write of this phase.
    answer: Answer | None = None
    # Set once, never changed.
    verdict: Verdict | None = None
    # A person ended the watch after the promotion.
    watching_ended: bool = False
    # A person wants the run to end at once, whatever the state of the Rollout.
    leaving: bool = False
    # Since when a person is asked whether the run is to stop.
    questioned_at: float = NEVER
    # Signs that are not certain yet, by code and subject.
    suspicions: Mapping[tuple[str, str], Suspicion] = field(default_factory=dict)
    # The evidence that was asked for, and what came.
    asked_evidence: frozenset[tuple[EvidenceKind, str, str, int]] = frozenset()
    evidence: tuple[Evidence, ...] = ()
    # This phase's last fresh read, and since when another one is under way.
    fresh_read_asked_at: float = NEVER
    fresh_read: FreshRead | None = None
    # The way back has reached the restore: the spec is to hold T0.
    restoring: bool = False
    # How the run ended, while only its marks are still to be removed; and the other forms of that write.
    ending: Ending | None = None
    other_cleanups: tuple[Write, ...] = ()
    # Who took the run over; empty as long as it is ours.
    taken_over_by: str = ""
    # The plan's point of no return was passed.
    past_no_return: bool = False
    # The right to put the old template back is missing.
    restore_forbidden: bool = False
    # The phase in which the run ended.
    previous_phase: Phase = Phase.WRITE

    @property
    def written(self) -> bool:
        """Whether the cutover's patch is known to have been stored."""
        return self.written_at != NEVER

    @property
    def adopted(self) -> bool:
        """Whether the controller was seen to adopt T1."""
        return self.adopted_at != NEVER

    @property
    def promoted(self) -> bool:
        """Whether T1's revision was seen to be stable."""
        return self.promoted_at != NEVER

    @property
    def failing(self) -> bool:
        """Whether the verdict is set: the run goes back, stops or yields."""
        return isinstance(self.verdict, Verdict)

    def takes(self, reaction: Reaction) -> bool:
        """Whether there is a verdict, and it has this reaction; false without a verdict."""
        return isinstance(self.verdict, Verdict) and self.verdict.reaction is reaction


def start(run_spec: RunSpec, now: float) -> State:
    """Return the state before the first write; `now` in monotonic seconds."""
    return State(run_spec=run_spec, started=now, entered=now)
