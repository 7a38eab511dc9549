"""A ResourceQuota has less room than the pods that the canary adds: they could not be created, and the run would fail.

Stable stands at full size while the canary starts, so up to `maxSurge` pods are there beside it. Pods that go still
count until they are gone. Quotas with scopes are not looked at: they count some pods only.
"""

from collections.abc import Iterator
from typing import Final

from cutover.core.base.units import quantity, spelled
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import surge_pods, walks_steps
from cutover.core.objects.quota import QuotaView
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.resource_requests import requested


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    extra = surge_pods(context.rollout) if walks_steps(context.rollout) and not context.edits.unchanged else 0
    quotas = (quota for quota in context.snapshot.namespace_objects.quotas if not quota.scoped)
    return tuple(fault for quota in quotas for fault in _faults(context, quota, extra)) if extra else ()


def _faults(context: CheckContext, quota: QuotaView, extra: int) -> Iterator[Fault]:
    for counted, hard in quota.hard.items():
        limit, taken = quantity(hard), quantity(quota.used.get(counted))
        need = requested(context.edits.after, counted) * extra
        if limit is not None and taken is not None and need > limit - taken:
            pods = "1 pod more" if extra == 1 else f"{extra} pods more"
            message = (
                f"ResourceQuota {quota.meta.name} has {counted} {hard}, of which {quota.used[counted]} are used: "
                f"{pods} than spec.replicas, which the steps need, take {spelled(need)}"
            )
            yield Fault(message, context.place("resourcequota", quota.meta.name, f"spec.hard.{counted}"))


CHECK: Final = Check(
    code="C055",
    severity=Severity.WARN,
    title="a quota has no room for the canary",
    when="what is left of `hard` (pods, requests, limits) of a ResourceQuota without scopes is less than what the pods "
    "beyond `spec.replicas` take at the largest step",
    remedy="raise it or make room before the run: `kubectl describe resourcequota {scope}` shows what is used",
    needs=frozenset({Need.ROLLOUT, Need.QUOTAS}),
    run=_run,
)
