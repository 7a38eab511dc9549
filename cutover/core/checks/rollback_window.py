"""The change leads back to an older revision inside a rollback window: Argo then skips all steps and all analysis.

Argo finds the old ReplicaSet by its template, and looks at how many revisions lie between (argo-rollouts
`isRollbackWithinWindow`). Here any older one counts that holds what the plan wants and otherwise is what stable is: how
far the window reaches is left open, as are labels, annotations and affinity, into which Argo writes itself. So this can
refuse where the window is too small for a hit, never the other way round.
"""

from collections.abc import Mapping
from typing import Any, Final

from cutover.core.checks.check import Check, Fault, Ground, Need, Verdict
from cutover.core.checks.finding import Severity
from cutover.core.template.env import LISTS, env_of
from cutover.core.views.fields import Json, mapping, objects, text
from cutover.core.views.replicaset import ReplicaSetView
from cutover.core.world import Missing

Leaf = tuple[str, str]
"""A container and a variable."""


def _run(ground: Ground) -> tuple[Verdict, ...]:
    stable = ground.snapshot.replicaset(ground.rollout.status.stable_rs)
    if not ground.rollout.rollback_window or ground.edits.unchanged or isinstance(stable, Missing):
        return ()
    older = (each for each in ground.snapshot.owned_replicasets() if each.meta.created < stable.meta.created)
    return tuple(_fault(ground, each) for each in older if _is_target(ground, each, stable))


def _is_target(ground: Ground, older: ReplicaSetView, stable: ReplicaSetView) -> bool:
    edits = ground.edits.edits
    wanted = all(env_of(older.template, edit.container, edit.variable) == edit.after for edit in edits)
    leaves = frozenset((edit.container, edit.variable) for edit in edits)
    return wanted and _rest(older.template, leaves) == _rest(stable.template, leaves)


def _rest(template: Json, leaves: frozenset[Leaf]) -> Mapping[str, Any]:
    """A pod spec without the edited variables. Both sides were defaulted by the server, so the rest compares as is."""
    spec = {key: value for key, value in mapping(template, "spec").items() if key != "affinity"}
    lists = {name: [_without(each, leaves) for each in objects(spec, name)] for name, _ in LISTS}
    return {**spec, **lists}


def _without(container: Json, leaves: frozenset[Leaf]) -> Mapping[str, Any]:
    name = text(container, "name")
    kept = [entry for entry in objects(container, "env") if (name, text(entry, "name")) not in leaves]
    return {**container, "env": kept}


def _fault(ground: Ground, older: ReplicaSetView) -> Fault:
    message = (
        f"spec.rollbackWindow is set, and replicaset {older.meta.name} is an older revision with just these values: "
        "Argo would take the change for a rollback and skip every step and analysis"
    )
    return Fault(message, ground.field("spec.rollbackWindow"))


CHECK: Final = Check(
    code="C021",
    severity=Severity.REFUSE,
    title="the change would skip the steps as a rollback",
    when=(
        "`spec.rollbackWindow` is set, and an older ReplicaSet of the Rollout is what the plan would make: "
        "Argo would skip steps and analysis"
    ),
    remedy="remove spec.rollbackWindow; this makes no new revision: "
    '`kubectl patch rollout {rollout} {scope} --type=json -p \'[{"op":"remove","path":"/spec/rollbackWindow"}]\'`',
    needs=frozenset({Need.ROLLOUT, Need.REPLICASETS}),
    run=_run,
)
