"""The shape of a check: one condition under which a plan must not, or should not, be applied.

A check's `needs` say which parts of the snapshot it reads, so that it brings its own reads, its own rules for the Role
and its own "could not check".
"""

from collections.abc import Callable

from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding, Severity
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.snapshot import Need, Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.config_references import ConfigReference, config_references
from cutover.core.podtemplate.containers import Container, containers


@frozen
class CheckContext:
    """What a plan is judged on: the cluster as read, the plan, and what the plan changes there."""

    snapshot: Snapshot
    plan: Plan
    edits: Edits

    @property
    def rollout(self) -> RolloutView:
        """The target's Rollout."""
        return self.snapshot.rollout

    @property
    def changed_containers(self) -> tuple[Container, ...]:
        """The containers that the plan changes, as they would be; init containers are left out: they have no probes."""
        changed = self.edits.containers
        return tuple(
            container for container in containers(self.edits.after) if not container.init and container.name in changed
        )

    @property
    def new_references(self) -> tuple[ConfigReference, ...]:
        """The references to Secrets and ConfigMaps that the plan brings."""
        before = frozenset(config_references(self.edits.before))
        return tuple(reference for reference in config_references(self.edits.after) if reference not in before)

    def keys_of(self, kind: str, name: str) -> frozenset[str] | NotFound | ReadFailed:
        """The keys of a Secret or ConfigMap; those of a copy that the run would make, too."""
        copies = (copy for copy in self.edits.copies if copy.key == (kind, name))
        read = self.snapshot.configs.get((kind, name), ReadFailed(f"{kind} {name}", "it was not read"))
        return next((copy.keys for copy in copies), read.keys if isinstance(read, ConfigView) else read)

    def field(self, path: str) -> str:
        """A field of the Rollout as a place."""
        return self.place("rollout", self.snapshot.target.rollout, path)

    def container_field(self, container: str, path: str, *, init: bool = False) -> str:
        """A field of a container of the Rollout's template as a place; containers by name, as people know them."""
        listed = "initContainers" if init else "containers"
        return self.field(f"spec.template.spec.{listed}[{container}].{path}")

    def place(self, kind: str, name: str, path: str = "") -> str:
        """A field of any object of the namespace as a place: `payments/secret/db: url`."""
        thing = f"{self.snapshot.target.namespace}/{kind}/{name}"
        return f"{thing}: {path}" if path else thing


@frozen
class Fault:
    """The check's condition is there: what was found, in which field, and what to do about just this one.

    An empty `remedy` stands for the check's own.
    """

    message: str
    where: str
    remedy: str = ""


@frozen
class Unverified:
    """The check could not be carried out, and why."""

    reason: str
    where: str
    remedy: str = ""


CheckResult = Fault | Unverified


@frozen
class Check:
    """One condition under its code. `run` returns a verdict per place at which it is found, none where all is well.

    `when` says for the catalogue when the condition is there. In remedies `{rollout}` stands for the Rollout's name and
    `{scope}` for kubectl's flags that lead to it.
    `acceptable` is for those that refuse: whether a plan may accept the risk by name (`allow`). What would keep the run
    from being carried out, or from being taken back, is never accepted.
    """

    code: str
    severity: Severity
    title: str
    when: str
    remedy: str
    needs: frozenset[Need]
    run: Callable[[CheckContext], tuple[CheckResult, ...]]
    acceptable: bool = False

    def findings(self, context: CheckContext) -> tuple[Finding, ...]:
        """Return what the check finds."""
        verdicts = unmet(self.needs, context) or self.run(context)
        return tuple(self._finding(verdict, context.snapshot.target) for verdict in verdicts)

    def _finding(self, verdict: CheckResult, target: Target) -> Finding:
        remedy = filled(verdict.remedy or self.remedy, target)
        match verdict:
            case Fault(message, where):
                return Finding(self.code, self.severity, self.title, message, where, remedy)
            case Unverified(reason, where):
                message = f"could not be checked: {reason}"
                return Finding(self.code, Severity.WARN, self.title, message, where, remedy, verified=False)


def unmet(needs: frozenset[Need], context: CheckContext) -> tuple[Unverified, ...]:
    """Why a check with these needs cannot run at all. Single Secrets and ConfigMaps are the check's own business."""
    snapshot = context.snapshot
    where = f"{snapshot.target.namespace}/rollout/{snapshot.target.rollout}"
    unread = {**snapshot.unread, **snapshot.surroundings.unread}
    missing = tuple(f"{need}: {unread[need]}" for need in Need if need in needs and need in unread)
    if missing:
        return (Unverified("; ".join(missing), where),)
    services = snapshot.services
    if Need.SERVICES in needs and isinstance(services, ReadFailed):
        where = f"{context.snapshot.target.namespace}/services"
        return (Unverified(f"{services.what}: {services.reason}", where),)
    return ()


def filled(remedy: str, target: Target) -> str:
    """A remedy with the target's own names, ready to be typed."""
    context = f" --context {target.context}" if target.context else ""
    return remedy.replace("{rollout}", target.rollout).replace("{scope}", f"-n {target.namespace}{context}")
