"""The report of a run as a value, from which every renderer makes its text. All text in it is redacted.

Its JSON form (`render.report_json`) is a contract: keys are added, never changed.
"""

from collections.abc import Mapping
from dataclasses import field

from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import EXIT_CODES, Cause, Outcome, SpecState
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding
from cutover.core.engine.facts import RecordedFact
from cutover.core.engine.observation import EvidenceKind
from cutover.core.plan.model import PointOfNoReturn
from cutover.core.podtemplate.field_paths import FieldPath
from cutover.core.review.describe import CopyEntry
from cutover.core.review.detection_coverage import Coverage


@frozen
class PlanLine:
    """What a report says of the plan; only name and digest are known if the run was resumed."""

    name: str
    digest: str
    file: str = ""
    description: str = ""


@frozen
class EditLine:
    """One edit in words; `place` is its field path in the template."""

    container: str
    variable: str
    before: str
    after: str
    place: FieldPath = ()


@frozen
class BaseLine:
    """What was stable before the run: the hash of its revision, and Argo's number for it."""

    hash: str
    revision: str


@frozen
class PointLine:
    """The plan's point of no return, and whether the run passed it."""

    at: PointOfNoReturn
    passed: bool


@frozen
class EvidenceLine:
    """One piece of evidence; `pods` names every pod that gave the same."""

    kind: EvidenceKind
    pods: tuple[str, ...]
    container: str
    text: str
    missed: str


@frozen
class Exposure:
    """For how long users may have met the plan's values: how many canary pods were Ready, and the sum of their seconds.

    An upper bound: a pod counts until it is seen not Ready any more, or until the end of the run.
    """

    pods: int = 0
    seconds: float = 0.0


@frozen
class Report:
    """How a run went and ended.

    `timeline` maps the names of the contract (`written`, `adopted`, …) to seconds since the epoch, without what did not
    happen. `deadman` says what the run's dead-man covers and what it does not. `facts` is the whole record. `base` and
    `point` hold one line each, or none if there was no run spec to carry out.
    """

    run: str
    plan: PlanLine
    target: Target
    outcome: Outcome
    cause: Cause | None
    spec: SpecState
    started: float
    ended: float
    findings: tuple[Finding, ...] = ()
    edits: tuple[EditLine, ...] = ()
    copies: tuple[CopyEntry, ...] = ()
    base: BaseLine | None = None
    point: PointLine | None = None
    timeline: Mapping[str, float] = field(default_factory=dict)
    exposure: Exposure = Exposure()
    evidence: tuple[EvidenceLine, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    deadman: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    facts: tuple[RecordedFact, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the run has a cause, which the report then explains."""
        return isinstance(self.cause, Cause)

    @property
    def exit_code(self) -> int:
        """The process's exit code for the outcome."""
        return EXIT_CODES[self.outcome]
