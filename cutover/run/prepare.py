"""Load, read, resolve, check: what every command does before anything else. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cutover.core.allowing import accepted, unused
from cutover.core.briefing import probes
from cutover.core.checks import run_all
from cutover.core.checks.check import Ground
from cutover.core.checks.finding import Finding, refusals
from cutover.core.coverage import Coverage, coverage_of
from cutover.core.edit import Edits
from cutover.core.edits import resolve
from cutover.core.errors import Problem, UsageError
from cutover.core.forecast import Forecast, NoForecast, forecast_of
from cutover.core.plan.credentials import plan_credentials
from cutover.core.plan.model import Plan
from cutover.core.redact import Redactor, Sealed
from cutover.core.template.references import config_references, credential_literals
from cutover.core.template.source import FromConfigMap, FromSecret
from cutover.core.timing import timing_of
from cutover.core.views.rollout import RolloutView, phase_of
from cutover.core.world import ConfigKey, Snapshot, Target
from cutover.edge.kube.read import ConfigRead
from cutover.edge.kube.session import Session, connect
from cutover.edge.kube.snapshot import configs, snapshot
from cutover.edge.run_key import run_key
from cutover.run.loading import load_plan


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says about the cluster: kubectl's flags, empty where not given."""

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """A plan, and the cluster that it is for. Nothing of the target has been read."""

    plan: Plan
    session: Session
    target: Target


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan on its ground: everything that can be known before anything is written."""

    session: Session
    plan: Plan
    snapshot: Snapshot
    edits: Edits
    redactor: Redactor
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings because of which nothing may be written."""
        return refusals(self.findings)

    @property
    def forecast(self) -> Forecast | NoForecast:
        """What will happen, step by step."""
        timing = timing_of(self.plan, self.snapshot, self.edits.containers, timeout=float("inf"))
        return forecast_of(self.plan, self.snapshot.rollout, timing)

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """Which classes of bad cutovers a run would notice."""
        return coverage_of(self.snapshot.rollout.strategy, probes(self.edits.after, self.edits.containers))

    @property
    def settled(self) -> bool:
        """Whether the Rollout stands still, on one revision, and well."""
        return settled(self.snapshot.rollout)


def settled(rollout: RolloutView) -> bool:
    """Whether the Rollout stands still, on one revision, and well."""
    return bool(rollout.settled_hash) and phase_of(rollout).name == "Healthy"


def prepare(file: str, where: Where) -> Prepared:
    """Everything up to the first thing that could be refused.

    Raises:
        CutoverError: the plan is invalid, the cluster unreachable, the Rollout missing or not as the plan expects.
    """
    return judge(reach(file, where))


def reach(file: str, where: Where) -> Reached:
    """Load the plan and find its cluster.

    Raises:
        CutoverError: the plan is invalid, or there is no way to the cluster that it names.
    """
    plan = load_plan(file)
    agree(plan, where)
    session = connect(where.kubeconfig, where.context or plan.target.context)
    return Reached(plan, session, replace(plan.target, context=session.context))


def judge(reached: Reached) -> Prepared:
    """Read what the plan is about, resolve it, check it.

    Raises:
        CutoverError: the cluster is unreachable, the Rollout missing or not as the plan expects.
    """
    plan, session = reached.plan, reached.session
    ground = snapshot(session, reached.target, wanted_configs(plan))
    redactor = redactor_for(session, ground, (*plan_credentials(plan),))
    edits = resolve(plan, ground.rollout.template, redactor)
    found = run_all(Ground(ground, plan, edits))
    return Prepared(session, plan, ground, edits, redactor, (*accepted(found, plan), *unused(found, plan)))


def agree(plan: Plan, where: Where) -> None:
    """Flags that disagree with the plan are refused; they never redirect it to another place."""
    pairs = (("--context", where.context, plan.target.context), ("-n", where.namespace, plan.target.namespace))
    problems = [_disagreement(plan, *pair) for pair in pairs if pair[1] and pair[2] and pair[1] != pair[2]]
    if problems:
        raise UsageError(*problems)


def _disagreement(plan: Plan, flag: str, given: str, planned: str) -> Problem:
    return Problem(
        f"{flag} says {given!r}, the plan says {planned!r}",
        path="spec.target",
        file=plan.file,
        remedy=f"leave {flag} out, or change the plan and have it reviewed again",
    )


def wanted_configs(plan: Plan) -> tuple[ConfigKey, ...]:
    """The Secrets and ConfigMaps that the plan refers to."""
    return tuple(dict.fromkeys(_key(change.to) for change in plan.changes if _is_reference(change.to)))


def _is_reference(source: object) -> bool:
    return isinstance(source, FromSecret | FromConfigMap)


def _key(source: object) -> ConfigKey:
    kind = "Secret" if isinstance(source, FromSecret) else "ConfigMap"
    return (kind, source.name if isinstance(source, FromSecret | FromConfigMap) else "")


def redactor_for(session: Session, ground: Snapshot, spelled_out: tuple[Sealed, ...] = ()) -> Redactor:
    """A redactor that knows every Secret that the Rollout's templates name, old ones too, and what they spell out.

    `spelled_out` are credentials from elsewhere: those that a plan spells out.
    """
    templates = (ground.rollout.template, *(found.template for found in ground.owned_replicasets()))
    named = {(ref.kind, ref.name) for one in templates for ref in config_references(one) if ref.kind == "Secret"}
    more = configs(session, ground.target.namespace, tuple(sorted(named - set(ground.configs))))
    values = (*_secret_values(ground.configs.values()), *_secret_values(more.values()))
    literals = (literal for one in templates for literal in credential_literals(one))
    public = (ground.target.rollout, ground.target.namespace)
    return Redactor(run_key()).knowing((*values, *literals, *spelled_out), public=public)


def _secret_values(reads: Iterable[object]) -> tuple[Sealed, ...]:
    secrets = (read for read in reads if isinstance(read, ConfigRead) and read.kind == "Secret")
    return tuple(value for secret in secrets for value in secret.values.values())
