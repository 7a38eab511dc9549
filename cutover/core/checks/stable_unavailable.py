"""Stable is not at full size: there is too little to hold on to, and its trouble would be taken for the canary's."""

from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.pod import PodView
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    stable_hash = context.rollout.status.stable_rs
    if not stable_hash:
        return ()
    match context.snapshot.replicaset(stable_hash):
        case NotFound():
            message = f"status.stableRS is {stable_hash}, and the Rollout owns no ReplicaSet of that hash"
            return (Fault(message, context.field("status.stableRS")),)
        case ReplicaSetView() as stable:
            return _too_few(context, stable) or _unready(context)


def _too_few(context: CheckContext, stable: ReplicaSetView) -> tuple[Fault, ...]:
    wanted = context.rollout.replicas
    if stable.available >= wanted:
        return ()
    message = f"status.availableReplicas of the stable ReplicaSet is {stable.available}, spec.replicas is {wanted}"
    why = sentence("; it cannot create pods: ", stable.failure) if stable.failure else ""
    return (Fault(sentence(message, why), context.place("replicaset", stable.meta.name, "status.availableReplicas")),)


def _unready(context: CheckContext) -> tuple[Fault, ...]:
    """Count the Ready pods themselves, because the count in the ReplicaSet's status may be out of date."""
    pods = [pod for pod in context.snapshot.stable_pods() if not pod.over]
    ready = sum(pod.ready for pod in pods)
    if ready >= context.rollout.replicas:
        return ()
    sick = ", ".join(_named(pod) for pod in pods if not pod.ready) or "the others do not exist"
    message = f"{ready} of {context.rollout.replicas} stable pods are Ready: {sick}"
    return (Fault(message, f"{context.snapshot.target.namespace}/pods"),)


def _named(pod: PodView) -> str:
    waiting = next((container.waiting for container in pod.containers if container.waiting), "")
    return f"{pod.meta.name} ({waiting})" if waiting else pod.meta.name


CHECK: Final = Check(
    code="C016",
    severity=Severity.REFUSE,
    title="stable is not fully available",
    when="the stable ReplicaSet has fewer available pods, or fewer Ready pods, than `spec.replicas`",
    remedy="bring the stable pods back first: `kubectl argo rollouts get rollout {rollout} {scope}` shows them, "
    "`kubectl describe pod POD {scope}` says why",
    needs=frozenset({Need.ROLLOUT, Need.STATUS, Need.REPLICASETS, Need.PODS}),
    run=_run,
)
