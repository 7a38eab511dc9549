"""From a checked plan and its snapshot to the order of a run."""

from cutover.core.edit import Edits
from cutover.core.machine.brief import Brief, Probe, StablePod
from cutover.core.plan.model import Plan
from cutover.core.template.env import Container, containers
from cutover.core.timing import timing_of
from cutover.core.views.fields import Json, at, objects, text, whole
from cutover.core.views.pod import PodView
from cutover.core.world import Snapshot
from cutover.core.writes.cutover import cutover_write


def brief_of(run: str, plan: Plan, snapshot: Snapshot, edits: Edits, *, timeout: float, follow: bool) -> Brief:
    """The order of a run: everything that it has to know and that does not change."""
    rollout = snapshot.rollout
    changed = frozenset(edit.container for edit in edits.edits)
    stable = snapshot.stable_pods()
    return Brief(
        run=run,
        target=snapshot.target,
        uid=rollout.meta.uid,
        base_hash=rollout.status.stable_rs,
        base_revision=rollout.meta.revision,
        before=edits.before,
        after=edits.after,
        strategy=rollout.strategy,
        edits=edits.edits,
        cutover=cutover_write(snapshot.target, rollout, edits),
        promotion=plan.promotion,
        on_failure=plan.on_failure,
        timing=timing_of(plan, snapshot, changed, timeout),
        stable_pods=tuple(StablePod(pod.meta.uid, pod.meta.name, pod.restarts) for pod in stable if not pod.over),
        start_exits=_start_exits(stable, changed, rollout.progress_deadline_seconds),
        probes=tuple(_probe(container) for container in containers(edits.after) if container.name in changed),
        follow=follow,
    )


def _start_exits(stable: tuple[PodView, ...], changed: frozenset[str], start_within: float) -> int:
    """How often the changed containers of stable pods were restarted while starting: normal for this application.

    A container that was last started later than any start may take was restarted for other reasons.
    """
    starts = ((pod, c) for pod in stable for c in pod.containers if c.name in changed)
    return max((c.restarts for pod, c in starts if c.running_since - pod.started <= start_within), default=0)


def _probe(container: Container) -> Probe:
    http = at(container.document, "readinessProbe", "httpGet")
    return Probe(container.name, _port(container.document, at(http, "port")), text(http, "path") or "/")


def _port(container: Json, port: object) -> int:
    """The number of a probe's port, which may be given by the name of a container port; 0 where there is none."""
    if isinstance(port, int):
        return port
    named = (entry for entry in objects(container, "ports") if text(entry, "name") == port)
    return next((whole(entry, "containerPort") for entry in named), 0)
