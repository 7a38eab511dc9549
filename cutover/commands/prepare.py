"""A plan judged on its cluster: what every command does before anything else. Nothing here writes."""

from dataclasses import fields

from cutover.adapters.kube.session import Session
from cutover.commands.connect import Reached, Reading, reading
from cutover.commands.evaluate import Judged, judged_on
from cutover.core.base.frozen import frozen
from cutover.core.objects.rollout import RolloutView, phase_of


@frozen
class Prepared(Judged):
    """A plan on the ground of a cluster."""

    session: Session

    @property
    def settled(self) -> bool:
        """Whether the Rollout stands still, on one revision, and well."""
        return settled(self.snapshot.rollout)


def settled(rollout: RolloutView) -> bool:
    """Whether the Rollout stands still, on one revision, and well."""
    return bool(rollout.settled_hash) and phase_of(rollout).name == "Healthy"


def judge(reached: Reached) -> Prepared:
    """Read what the plan is about, resolve it, check it.

    Raises:
        CutoverError: the cluster is unreachable, the Rollout missing or not as the plan expects.
    """
    return judged(reading(reached))


def judged(begun: Reading) -> Prepared:
    """The same once the reading has begun.

    Raises:
        CutoverError: as `judge`.
    """
    reached = begun.reached
    found = judged_on(begun.ground.result(), reached.loaded, reached.supply, reached.suffix)
    return Prepared(**{each.name: getattr(found, each.name) for each in fields(found)}, session=reached.session)
