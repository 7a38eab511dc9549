"""A Service sends requests to pods that are not ready: an unready canary would answer users.

`publishNotReadyAddresses` makes every EndpointSlice entry of the Service ready (discovery/v1).
"""

from typing import Final

from cutover.core.base.documents import strings, text
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.meta import POD_HASH_LABEL
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.service import ServiceView
from cutover.core.objects.snapshot import Need

PATH: Final = "spec.publishNotReadyAddresses"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    services = context.snapshot.services
    if isinstance(services, ReadFailed):
        return ()  # said once for every check that needs them: `check.unmet`
    reaching = (each for each in services if each.publish_not_ready and _reaches_canary(each, context))
    return tuple(_fault(context, service) for service in reaching)


def _reaches_canary(service: ServiceView, context: CheckContext) -> bool:
    """Whether the Service will select canary pods; Argo will pin only `canaryService` to the canary's hash."""
    labels = _canary_labels(context)
    pinned = service.selector.get(POD_HASH_LABEL, "")
    for_canary = service.meta.name == text(context.rollout.canary, "canaryService")
    return service.selects({**labels, POD_HASH_LABEL: pinned} if pinned and for_canary else labels)


def _canary_labels(context: CheckContext) -> dict[str, str]:
    template = strings(context.edits.after, "metadata", "labels")
    return {**template, **strings(context.rollout.canary, "canaryMetadata", "labels")}


def _fault(context: CheckContext, service: ServiceView) -> Fault:
    name = service.meta.name
    message = f"{PATH} of service {name}, which selects the Rollout's pods, is true: unready canary pods get requests"
    command = (
        f'kubectl patch service {name} {{scope}} --type=merge -p \'{{"spec":{{"publishNotReadyAddresses":false}}}}\''
    )
    return Fault(message, context.place("service", name, PATH), f"{_SET_FALSE}: `{command}`")


_SET_FALSE: Final = "set spec.publishNotReadyAddresses to false, or let the selector leave the Rollout's pods out"

CHECK: Final = Check(
    code="C025",
    severity=Severity.REFUSE,
    title="a Service sends requests to pods that are not ready",
    when="a Service with `publishNotReadyAddresses: true` selects the canary's pods",
    remedy=_SET_FALSE,
    needs=frozenset({Need.ROLLOUT, Need.SERVICES}),
    run=_run,
    acceptable=True,
)
