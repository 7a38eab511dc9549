"""The readiness probe asks a host of its own choice instead of the pod: every pod is as ready as that host is.

Without `host` the kubelet asks the pod's own address; with it, what answers there decides for all pods alike, and
`localhost` is the node. The canary becomes Ready whatever its new value does, or never.
"""

from typing import Final

from cutover.core.base.documents import flag, text
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container

KINDS: Final = ("httpGet", "tcpSocket")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    asked = ((each, kind) for each in context.changed_containers for kind in KINDS)
    return tuple(_fault(context, *one) for one in asked if _is_another(context, _host(*one)))


def _host(container: Container, kind: str) -> str:
    return text(container.document, "readinessProbe", kind, "host")


def _is_another(context: CheckContext, host: str) -> bool:
    """Whether the probe asks a host outside of the pod; with `hostNetwork` the loopback address is the pod's own."""
    return bool(host) and not (host in LOOPBACK and flag(context.edits.after, "spec", "hostNetwork"))


def _fault(context: CheckContext, container: Container, kind: str) -> Fault:
    message = (
        f"the readinessProbe of container {container.name} asks host {_host(container, kind)}, not the pod: "
        "the canary is Ready if that host answers"
    )
    return Fault(message, context.container_field(container.name, f"readinessProbe.{kind}.host"))


CHECK: Final = Check(
    code="C045",
    severity=Severity.WARN,
    title="readiness is asked of another host",
    when="the `readinessProbe` of a container that the plan changes has a `host` in `httpGet` or `tcpSocket`",
    remedy="remove host from the readinessProbe (a virtual host is a `Host` in httpHeaders); "
    "this is a new revision: roll it out first",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
