"""The types of a check: one condition under which a plan must not, or should not, be applied.

A check's `needs` name the parts of the snapshot that it reads: they tell what has to be read for it, and when it could
not be carried out.
"""

from collections.abc import Callable

from cutover.core.base.cluster_text import Words, joined, sentence
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
    """What a check reads: the snapshot of the cluster, the plan, and the edits that the plan makes there."""

    snapshot: Snapshot
    plan: Plan
    edits: Edits

    @property
    def rollout(self) -> RolloutView:
        """The Rollout of the snapshot, before the plan's edits."""
        return self.snapshot.rollout

    @property
    def changed_containers(self) -> tuple[Container, ...]:
        """The containers that the plan changes, with the plan's values; no init containers, which have no probes."""
        changed = self.edits.containers
        return tuple(
            container for container in containers(self.edits.after) if not container.init and container.name in changed
        )

    @property
    def new_references(self) -> tuple[ConfigReference, ...]:
        """The references to Secrets and ConfigMaps that the plan adds."""
        before = frozenset(config_references(self.edits.before))
        return tuple(reference for reference in config_references(self.edits.after) if reference not in before)

    def keys_of(self, kind: str, name: str) -> frozenset[str] | NotFound | ReadFailed:
        """Return the keys of a Secret or ConfigMap, or of a copy that the run would make."""
        copies = (copy for copy in self.edits.copies if copy.key == (kind, name))
        read = self.snapshot.configs.get((kind, name), ReadFailed(f"{kind} {name}", "it was not read"))
        return next((copy.keys for copy in copies), read.keys if isinstance(read, ConfigView) else read)

    def field(self, path: str) -> str:
        """Return the field path, with its object, of a field of the Rollout."""
        return self.place("rollout", self.snapshot.target.rollout, path)

    def container_field(self, container: str, path: str, *, init: bool = False) -> str:
        """Return the field path, with its object, of a field of a container in the template; containers by name."""
        listed = "initContainers" if init else "containers"
        return self.field(f"spec.template.spec.{listed}[{container}].{path}")

    def place(self, kind: str, name: str, path: str = "") -> str:
        """Return the field path, with its object, of a field of any object: `payments/secret/db: url`."""
        thing = f"{self.snapshot.target.namespace}/{kind}/{name}"
        return f"{thing}: {path}" if path else thing


@frozen
class Fault:
    """One case of the check's condition: what was found, in which field, and what to do about it.

    With an empty `remedy` the check's own is used.
    """

    message: Words
    where: str
    remedy: str = ""


@frozen
class Unverified:
    """Why the check could not be carried out."""

    reason: Words
    where: str
    remedy: str = ""


CheckResult = Fault | Unverified


@frozen
class Check:
    """One condition with its code. `run` returns one result per field path at which it is met, none if it is not met.

    `when` tells the catalogue when the condition is met. In remedies `{rollout}` stands for the Rollout's name and
    `{scope}` for kubectl's flags that lead to it. `acceptable` is for checks that refuse: whether a plan may accept the
    risk by its code (`allow`). What would keep the run from being carried out, or from being taken back, is never
    accepted.
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
        """Run the check; if a part of the snapshot that it needs was not read, return one finding that says so."""
        verdicts = unmet(self.needs, context) or self.run(context)
        return tuple(self._finding(verdict, context.snapshot.target) for verdict in verdicts)

    def _finding(self, verdict: CheckResult, target: Target) -> Finding:
        remedy = filled(verdict.remedy or self.remedy, target)
        match verdict:
            case Fault(message, where):
                return Finding(self.code, self.severity, self.title, message, where, remedy)
            case Unverified(reason, where):
                unknown = sentence("could not be checked: ", reason)
                return Finding(self.code, Severity.WARN, self.title, unknown, where, remedy, verified=False)


def unmet(needs: frozenset[Need], context: CheckContext) -> tuple[Unverified, ...]:
    """Return why a check cannot run: parts of the snapshot that it needs and that were not read; empty if it can.

    A single Secret or ConfigMap that is missing is left to the check.
    """
    snapshot = context.snapshot
    where = f"{snapshot.target.namespace}/rollout/{snapshot.target.rollout}"
    unread = {**snapshot.unread, **snapshot.namespace_objects.unread}
    missing = [sentence(f"{need}: ", unread[need]) for need in Need if need in needs and need in unread]
    if missing:
        return (Unverified(joined("; ", missing), where),)
    services = snapshot.services
    if Need.SERVICES in needs and isinstance(services, ReadFailed):
        where = f"{context.snapshot.target.namespace}/services"
        return (Unverified(sentence(f"{services.what}: ", services.reason), where),)
    return ()


def filled(remedy: str, target: Target) -> str:
    """Return a remedy with the names of the target filled in."""
    context = f" --context {target.context}" if target.context else ""
    return remedy.replace("{rollout}", target.rollout).replace("{scope}", f"-n {target.namespace}{context}")
