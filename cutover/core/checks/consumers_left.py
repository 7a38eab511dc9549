"""Other workloads use what the plan moves away from: they stay on the old target, and the plan knows nothing of them.

With two databases that is data in both; a CronJob notices it at night. Looked at are the workloads of the namespace,
whose pod templates refer to the same key of the same object or hold the same old value.
"""

from collections.abc import Iterator
from typing import Final

from cutover.core.base.cluster_text import joined, sentence
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault, Unverified
from cutover.core.checks.finding import Severity
from cutover.core.objects.namespace_objects import CONSUMERS
from cutover.core.objects.snapshot import Need
from cutover.core.patch.consumers import consumers_of


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if context.edits.unchanged:
        return ()
    return (*_left(context), *_unread(context))


def _left(context: CheckContext) -> Iterator[Fault]:
    consumers = consumers_of(context.snapshot, context.edits)
    if consumers:
        number = "1 other workload uses" if len(consumers) == 1 else f"{len(consumers)} other workloads use"
        message = f"{number} what the plan moves away from, and no change of it: {', '.join(map(str, consumers))}"
        yield Fault(message, context.field("spec.template"))


def _unread(context: CheckContext) -> Iterator[Unverified]:
    """Yield one result for all kinds of workload that could not be read: usually the same right is missing for each."""
    unread = {of: why for of, why in context.snapshot.namespace_objects.unread.items() if of in CONSUMERS}
    reasons = dict.fromkeys(unread.values())
    named = ((", ".join(of for of, why in unread.items() if why == reason), reason) for reason in reasons)
    if unread:
        yield Unverified(joined("; ", (sentence(f"{of}: ", why) for of, why in named)), context.field("spec.template"))


CHECK: Final = Check(
    code="C052",
    severity=Severity.WARN,
    title="other workloads use what the plan moves away from",
    when="another workload of the namespace (Jobs and CronJobs, too) refers to a key of a Secret or ConfigMap that the "
    "plan replaces, or holds the old value, or the host in it",
    remedy="change each of them with a plan or a rollout of its own, before or after this one as the data demand it; "
    "or accept it in spec.allow of the plan, if they are meant to stay",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
