"""The controller is of a version that this tool has not been tested with.

What a run relies on is Argo's behaviour to the letter: what clears an abort, when a step is done, what a status says.
All of it is pinned by tests on one version, and known to have been otherwise in earlier ones.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.checks.versions import VersionOrder, order_of
from cutover.core.objects.snapshot import Need

TESTED: Final = "v1.10.1"

_HOLES: Final = (
    ("v1.9.0", "the last promotion waits until exactly spec.replicas pods are available"),
    ("v1.10.0-rc1", "progressDeadlineAbort aborts late; a ReplicaSet that waits to be scaled down gets no analysis"),
)
"""Versions of Argo Rollouts, and what every version below each is known to do otherwise than a run expects."""


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    """Warn if the controller's version is not the tested one; find nothing if its tag is no version (`latest`)."""
    tag = context.snapshot.namespace_objects.controller
    version = order_of(tag)
    return () if version is None or version == order_of(TESTED) else (_fault(tag, version),)


def _fault(tag: str, version: VersionOrder) -> Fault:
    holes = [what for until, what in _HOLES if version < (order_of(until) or version)]
    known = f"; known of it: {'; '.join(holes)}" if holes else ""
    message = f"the controller is {tag}, and this tool is tested with {TESTED}{known}"
    return Fault(message, "argo-rollouts/deployments")


CHECK: Final = Check(
    code="C056",
    severity=Severity.WARN,
    title="the controller is of an untested version",
    when="the image of the Deployment of Argo Rollouts in namespace argo-rollouts has the tag of another version than "
    f"{TESTED}",
    remedy="try a plan that changes nothing of weight first, or accept it in spec.allow of the plan; "
    "`kubectl get deployments -n argo-rollouts -o wide` shows the image",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
