"""The report of a run, as a value: what every renderer makes its text from. All text in it is redacted.

Its JSON form (`render.report_json`) is a contract: keys are added, never changed.
"""

from collections.abc import Mapping
from dataclasses import field

from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import EXIT_CODES, Cause, NoCause, Outcome, SpecState
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding
from cutover.core.engine.facts import RecordedFact
from cutover.core.plan.model import PointOfNoReturn
from cutover.core.podtemplate.field_paths import FieldPath
from cutover.core.review.coverage import Coverage
from cutover.core.review.describe import CopyEntry


@frozen
class PlanLine:
    """The plan as the report names it."""

    name: str
    digest: str
    file: str = ""
    description: str = ""


@frozen
class EditLine:
    """One edit in words; `place` is where in the template."""

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
    """One piece of evidence; `pods` names every pod that gave the same one."""

    kind: str
    pods: tuple[str, ...]
    container: str
    text: str
    missed: str


@frozen
class Exposure:
    """For how long users may have met the plan's values: canary pods that were Ready, and their seconds added up.

    An upper bound: a pod counts until it was seen not Ready any more, or until the run's end.
    """

    pods: int = 0
    seconds: float = 0.0


@frozen
class Report:
    """How a run went and ended.

    `timeline` maps the names of the contract (`written`, `adopted`, …) to seconds since the epoch; what did not happen
    is not in it. `deadman` says what the run's dead-man covers, and what not. `facts` is the whole record. `base` and
    `point` hold one line each, or none where there was no order to carry out.
    """

    run: str
    plan: PlanLine
    target: Target
    outcome: Outcome
    cause: Cause | NoCause
    spec: SpecState
    started: float
    ended: float
    findings: tuple[Finding, ...] = ()
    edits: tuple[EditLine, ...] = ()
    copies: tuple[CopyEntry, ...] = ()
    base: tuple[BaseLine, ...] = ()
    point: tuple[PointLine, ...] = ()
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
        """Whether there is a cause to explain."""
        return isinstance(self.cause, Cause)

    @property
    def exit_code(self) -> int:
        """The process's exit code."""
        return EXIT_CODES[self.outcome]
