"""What the machine is told at one instant (`Observation`) and what it answers (`Decision`, in `core.engine`)."""

from dataclasses import field
from enum import StrEnum

from cutover.core.base.frozen import frozen
from cutover.core.base.instants import Instant
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.watch_state import World
from cutover.core.writes.lock_state import HELD, Lock
from cutover.core.writes.write import Answer


class OperatorRequest(StrEnum):
    """What a person or the machine that runs `cutover` wants of the run.

    `ASK` is a first Ctrl-C at a terminal: promote nothing and ask; `GO_ON` is the answer that it was not meant.
    """

    ASK = "ask"
    GO_ON = "go on"
    ABORT = "abort"
    LEAVE = "leave"


@frozen
class FreshRead:
    """A fresh read of everything, straight from the API server; `at` is when it was begun."""

    world: World | ReadFailed
    at: Instant


class EvidenceKind(StrEnum):
    """What can be asked of a pod or an object beyond its state."""

    LOG = "log"
    PREVIOUS_LOG = "previous-log"
    READYZ = "readyz"
    EVENTS = "events"


@frozen
class Evidence:
    """An answer for the report. `text` is already redacted; where it could not be had, `missed` says why.

    `about` names the pod (or `rollout`), `container` is empty where it does not apply.
    """

    kind: EvidenceKind
    about: str
    container: str = ""
    text: str = ""
    missed: str = ""


@frozen
class Observation:
    """All that is known at one instant. Absorbing it twice is harmless but for `answers`, which come once each.

    `lock` tells whether the Lease is still this run's.
    """

    at: Instant
    world: World
    answers: tuple[Answer, ...] = ()
    wishes: tuple[OperatorRequest, ...] = ()
    looks: tuple[FreshRead, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=())
    lock: Lock = HELD
