"""The facts of a run's record, a type for each kind. Whatever is printed, stored or reported is made from these.

The engine makes facts with text as the cluster gave it; `runtime.record` redacts each one before it is shown. A fact is
a sentence for people (`text`) and the same as data. `kind` and `data_json` are what journals and reports hold of it:
other versions read them, whatever a type or a field is called here.
"""

from typing import Any, ClassVar

from cutover.core.base.causes import Reaction
from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Cause, Ending
from cutover.core.engine.observation import Evidence
from cutover.core.engine.state import Phase
from cutover.core.writes.write import WriteName


@frozen
class Intent:
    """A write is about to be sent; a quiet one is not printed."""

    kind: ClassVar = "intent"
    text: Words
    write: WriteName
    quiet: bool


@frozen
class Answered:
    """What the API server answered to a write; `status` is the HTTP code of a refusal."""

    kind: ClassVar = "answer"
    text: Words
    write: WriteName
    quiet: bool
    status: int | None = None


@frozen
class Written:
    """The plan's values stand in the spec, since this generation of it."""

    kind: ClassVar = "written"
    text: Words
    generation: int


@frozen
class Adopted:
    """The controller made the revision of this hash."""

    kind: ClassVar = "adopted"
    text: Words
    hash: str


@frozen
class StepReached:
    """The controller works on the step of this index, of so many."""

    kind: ClassVar = "step"
    text: Words
    index: int
    steps: int


@frozen
class PodChanged:
    """A canary pod is in another state than before, told in a few words."""

    kind: ClassVar = "pod"
    text: Words
    pod: str
    ready: bool
    state: Words
    restarts: int


@frozen
class Suspected:
    """A sign of this cause is seen in this subject, not yet for long enough to be certain."""

    kind: ClassVar = "suspected"
    text: Words
    code: str
    subject: str


@frozen
class Cleared:
    """A suspicion is no longer true."""

    kind: ClassVar = "cleared"
    text: Words
    code: str
    subject: str


@frozen
class Decided:
    """Why the run goes back or ends, and its reaction; a defect of our own is recorded without one."""

    kind: ClassVar = "decided"
    text: Words
    cause: Cause
    reaction: Reaction | None = None


@frozen
class Aborted:
    """The controller acknowledged the abort."""

    kind: ClassVar = "aborted"
    text: Words


@frozen
class Restored:
    """The old template stands in the spec again."""

    kind: ClassVar = "restored"
    text: Words


@frozen
class Promoted:
    """The revision of this hash is the stable one."""

    kind: ClassVar = "promoted"
    text: Words
    hash: str


@frozen
class Waiting:
    """The run waits; `about` is the same in every fact about the same wait."""

    kind: ClassVar = "waiting"
    text: Words
    about: str


@frozen
class Proven:
    """A sentence about what was observed at the end."""

    kind: ClassVar = "proven"
    text: Words


@frozen
class Unproven:
    """A sentence about what could not be observed at the end."""

    kind: ClassVar = "unproven"
    text: Words


@frozen
class EvidenceNoted:
    """A piece of evidence came, or was missed."""

    kind: ClassVar = "evidence"
    text: Words
    evidence: Evidence


@frozen
class Note:
    """Anything else worth a line; `phase` is the one that did not go as it should, `code` that of a check's finding."""

    kind: ClassVar = "note"
    text: Words
    phase: Phase | None = None
    code: str = ""


@frozen
class Ended:
    """The run is over."""

    kind: ClassVar = "ended"
    text: Words
    ending: Ending


Fact = (
    Intent
    | Answered
    | Written
    | Adopted
    | StepReached
    | PodChanged
    | Suspected
    | Cleared
    | Decided
    | Aborted
    | Restored
    | Promoted
    | Waiting
    | Proven
    | Unproven
    | EvidenceNoted
    | Note
    | Ended
)
"""One thing that happened."""


def data_json(fact: Fact) -> dict[str, Any]:
    """Return a fact's data as journals and reports hold it."""
    match fact:
        case Intent():
            return {"write": fact.write.value, "quiet": fact.quiet}
        case Answered():
            status = {} if fact.status is None else {"status": fact.status}
            return {"write": fact.write.value, "quiet": fact.quiet, **status}
        case Written():
            return {"generation": fact.generation}
        case Adopted() | Promoted():
            return {"hash": fact.hash}
        case StepReached():
            return {"index": fact.index, "steps": fact.steps}
        case PodChanged():
            return {"pod": fact.pod, "ready": fact.ready, "state": fact.state, "restarts": fact.restarts}
        case Suspected() | Cleared():
            return {"code": fact.code, "subject": fact.subject}
        case Decided() | EvidenceNoted() | Note() | Ended():
            return _carried_json(fact)
        case Aborted() | Restored() | Waiting() | Proven() | Unproven():
            return {}


def _carried_json(fact: Decided | EvidenceNoted | Note | Ended) -> dict[str, Any]:
    """Return the data of a fact that carries a value of the engine."""
    match fact:
        case Decided():
            course = {} if fact.reaction is None else {"course": fact.reaction.value}
            return {"code": fact.cause.code, "attribution": fact.cause.attribution.value, **course}
        case EvidenceNoted():
            piece = fact.evidence
            named = {"kind": piece.kind.value, "about": piece.about, "container": piece.container}
            return {**named, "text": piece.text, "missed": piece.missed}
        case Note():
            phase = {} if fact.phase is None else {"phase": fact.phase.value}
            return {**phase, **({"code": fact.code} if fact.code else {})}
        case Ended():
            end = fact.ending
            cause = {} if end.cause is None else {"code": end.cause.code, "message": end.cause.message}
            return {"outcome": end.outcome.value, "spec": end.spec.value, "cause": cause, "next": list(end.next)}


@frozen
class RecordedFact:
    """A fact, redacted, with its time: `utc` in seconds since the epoch, `elapsed` in seconds since the run began."""

    fact: Fact
    utc: float
    elapsed: float
