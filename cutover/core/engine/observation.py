"""The input of the engine at one instant: the observation, and what it is made of."""

from dataclasses import field
from enum import StrEnum

from cutover.core.base.cluster_text import MaskedText
from cutover.core.base.frozen import frozen
from cutover.core.base.instants import Instant
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import World
from cutover.core.writes.lock_state import HELD, Lock
from cutover.core.writes.write import Answer


class OperatorRequest(StrEnum):
    """What a person, or a signal of the operating system, wants of the run.

    `ASK` is a first Ctrl-C at a terminal: promote nothing and ask; `GO_ON` is the answer that it was a mistake.
    """

    ASK = "ask"
    GO_ON = "go on"
    ABORT = "abort"
    LEAVE = "leave"


@frozen
class FreshRead:
    """The result of reading every watched kind from the API server; `at` is when the read began."""

    world: World | ReadFailed
    at: Instant


class EvidenceKind(StrEnum):
    """What the report quotes of a pod, or of the Rollout, besides its state."""

    LOG = "log"
    PREVIOUS_LOG = "previous-log"
    READYZ = "readyz"
    EVENTS = "events"


@frozen
class Evidence:
    """A piece of evidence for the report. `text` is already redacted; where it could not be read, `missed` says why.

    `about` names the pod (or `rollout`), `container` is empty where it does not apply.
    """

    kind: EvidenceKind
    about: str
    container: str = ""
    text: MaskedText = ""
    missed: MaskedText = ""


@frozen
class Observation:
    """All that is known at one instant. Only `answers` must come once each; the rest may come again without harm.

    `lock` tells whether the Lease is still this run's.
    """

    at: Instant
    world: World
    answers: tuple[Answer, ...] = ()
    requests: tuple[OperatorRequest, ...] = ()
    fresh_reads: tuple[FreshRead, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=())
    lock: Lock = HELD
