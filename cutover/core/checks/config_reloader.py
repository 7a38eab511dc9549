"""Stakater Reloader acts on the Rollout: an edit of one of its Secrets or ConfigMaps starts a rollout of its own.

In the middle of a run that replaces the canary; with the rollout strategy `restart` the pods are restarted without any
step, those of stable too. (Wave and Keel know no Rollouts: their marks mean nothing here.)
"""

from collections.abc import Iterator, Mapping
from typing import Final

from cutover.core.base.documents import strings
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need

AUTO: Final = "reloader.stakater.com/auto"
SWITCHES: Final = (
    AUTO,
    f"configmap.{AUTO}",
    f"secret.{AUTO}",
    "reloader.stakater.com/search",
)
LISTS: Final = ("configmap.reloader.stakater.com/reload", "secret.reloader.stakater.com/reload")
STRATEGY: Final = "reloader.stakater.com/rollout-strategy"

# Go's `strconv.ParseBool`, as Reloader reads its switches.
TRUE: Final = frozenset({"1", "t", "T", "true", "True", "TRUE"})


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    """Judge Reloader's annotations on the Rollout, or if it has none, those on its pod template, as Reloader does."""
    own, of_pods = context.rollout.meta.annotations, strings(context.rollout.template, "metadata", "annotations")
    if any(name in own for name in (*SWITCHES, *LISTS)):
        return tuple(_fault(context, "metadata", own, marks) for marks in _in_force(own))
    return tuple(_fault(context, "spec.template.metadata", of_pods, marks) for marks in _in_force(of_pods))


def _in_force(annotations: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the annotations that switch Reloader on, in one tuple; nothing if none does."""
    switched = [name for name in SWITCHES if annotations.get(name) in TRUE]
    listed = [name for name in LISTS if annotations.get(name, "").strip()]
    if switched or listed:
        yield (*switched, *listed)


def _fault(context: CheckContext, place: str, annotations: Mapping[str, str], marks: tuple[str, ...]) -> Fault:
    restarts = annotations.get(STRATEGY) == "restart"
    does = "restarts its pods, those of stable too" if restarts else "starts a rollout that replaces the canary"
    message = f"Stakater Reloader ({', '.join(marks)}) {does} when a Secret or ConfigMap that it looks at is edited"
    return Fault(message, context.field(f"{place}.annotations[{marks[0]}]"), _remedy(place, marks))


def _remedy(place: str, marks: tuple[str, ...]) -> str:
    """Return what to do: an annotation of the pod template cannot be removed without a new revision."""
    if place != "metadata":
        return WAIT
    removals = " ".join(f"{name}-" for name in marks)
    return f"{WAIT}, or take the mark away for that time: `kubectl annotate rollout {{rollout}} {{scope}} {removals}`"


WAIT: Final = "edit no Secret or ConfigMap of the application until the run is over"

CHECK: Final = Check(
    code="C042",
    severity=Severity.WARN,
    title="a config reloader acts on the Rollout",
    when="the Rollout, or else its pod template, has an annotation that Stakater Reloader acts on "
    "(`reloader.stakater.com/auto` or `search`, `configmap.` or `secret.reloader.stakater.com/auto` or `reload`)",
    remedy=_remedy("metadata", (AUTO,)),
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
