"""What a run knows from the start and never changes: what is to be done, from where, within which times."""

from dataclasses import field

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.patch.edit import Edit
from cutover.core.plan.limits import Timing
from cutover.core.plan.model import OnFailure, PointOfNoReturn, Promotion
from cutover.core.podtemplate.field_paths import Place
from cutover.core.podtemplate.probes import Probe
from cutover.core.writes.run_annotations import ArmedMark
from cutover.core.writes.write import Write


@frozen
class StablePod:
    """A pod of stable as it was before the write: what must still be there when a held run ends."""

    uid: str
    name: str
    restarts: int


@frozen
class Brief:
    """The run's order.

    `before` and `after` are T0 and T1; `base_hash` is h0, which is also s0, and `base_revision` Argo's number for it.
    `start_exits` is how often the changed containers of stable pods exited while starting: what is normal for this
    application. `cutover` is the write with which the run begins; a run that is resumed has none. `owner` is this
    process's name in the marks and on the Lease, empty for a run that has neither.
    """

    run: str
    target: Target
    uid: str
    base_hash: str
    base_revision: str
    before: Json = field(repr=False)
    after: Json = field(repr=False)
    strategy: Json = field(repr=False)
    edits: tuple[Edit, ...]
    cutover: tuple[Write, ...]
    promotion: Promotion
    on_failure: OnFailure
    timing: Timing
    stable_pods: tuple[StablePod, ...] = ()
    start_exits: int = 0
    probes: tuple[Probe, ...] = ()
    follow: bool = False
    owner: str = ""
    armed: tuple[ArmedMark, ...] = ()
    point_of_no_return: PointOfNoReturn = PointOfNoReturn.NONE

    @property
    def changes(self) -> bool:
        """Whether the run is known to change the template; one whose marks nobody can read may only leave it."""
        return self.before != self.after

    @property
    def changed_containers(self) -> frozenset[str]:
        """The names of the containers that the plan changes."""
        return frozenset(name for edit in self.edits for name in edit.containers)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of the template that the run changes."""
        return tuple(edit.place for edit in self.edits)

    @property
    def exits_allowed(self) -> int:
        """Non-zero exits of a changed container up to here may still be a slow start."""
        return max(2, self.start_exits + 2)
