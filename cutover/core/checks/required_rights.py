"""The table of the rights that a run needs: they are checked before its first write, and its Role grants them.

Without a required right a run must not begin: it might not be able to go back. The others bring evidence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.objects.namespace_objects import CONSUMERS
from cutover.core.patch.config_copies import objects_of
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.config_references import config_references
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret
from cutover.core.writes.lease import lease_name

_UNKNOWN: Final[Json] = {}


@frozen
class Right:
    """One verb on one resource, on every object of it where `name` is empty.

    `why` says what the right is for; where it is not `required`, the evidence that is missing without it.
    """

    verb: str
    resource: Resource
    subresource: str
    name: str
    why: str
    required: bool = True

    @property
    def group(self) -> str:
        """The API group of the resource; empty for the core group."""
        return self.resource.group


def _all(_plan: Plan, _template: Json) -> tuple[str, ...]:
    """Return one empty name, which stands for every object: create, list and watch cannot be granted for names."""
    return ("",)


def _the_rollout(plan: Plan, _template: Json) -> tuple[str, ...]:
    return (plan.target.rollout,)


def _the_lease(plan: Plan, _template: Json) -> tuple[str, ...]:
    return (lease_name(plan.target),)


def _secrets(plan: Plan, template: Json) -> tuple[str, ...]:
    """Return the Secrets that are read, those of old values too, to be masked.

    A reference without a name is left out: it would stand for every Secret.
    """
    written = (source.name for c in plan.variables for source in c.sources if isinstance(source, FromSecret))
    referenced = (reference.name for reference in config_references(template) if reference.kind == "Secret")
    return tuple(dict.fromkeys(name for name in (*written, *referenced) if name))


def _copied_secrets(plan: Plan, template: Json) -> tuple[str, ...]:
    return _copied("Secret", plan, template)


def _copied_config_maps(plan: Plan, template: Json) -> tuple[str, ...]:
    return _copied("ConfigMap", plan, template)


def _copied(kind: str, plan: Plan, template: Json) -> tuple[str, ...]:
    """Return the objects to read for copies: those that the plan names, and all to which the template refers now."""
    changes = tuple(change for change in plan.objects if change.kind == kind)
    named = (name for change in plan.objects for of, name in objects_of(change) if of == kind)
    referenced = (ref.name for ref in config_references(template) if changes and ref.kind == kind)
    return tuple(dict.fromkeys((*named, *referenced)))


def _makes_config_maps(plan: Plan, _template: Json) -> tuple[str, ...]:
    """Return one empty name if the plan makes a ConfigMap, else none: create cannot be granted for names."""
    return ("",) if any(change.kind == "ConfigMap" for change in plan.objects) else ()


def _makes_secrets(plan: Plan, _template: Json) -> tuple[str, ...]:
    return ("",) if any(change.kind == "Secret" for change in plan.objects) else ()


def _config_maps(plan: Plan, _template: Json) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.to.name for change in plan.variables if isinstance(change.to, FromConfigMap)))


@frozen
class _Row:
    """One row of the table: rights on one resource for one purpose. No right is needed if `names` returns none."""

    verbs: tuple[str, ...]
    resource: Resource
    why: str
    names: Callable[[Plan, Json], tuple[str, ...]] = _all
    subresource: str = ""
    required: bool = True


_WATCHED: Final[Mapping[Resource, str]] = MappingProxyType(
    {
        Resource.ROLLOUT: "to see what becomes of the Rollout",
        Resource.REPLICASET: "to see which revision is stable and which is the canary's",
        Resource.POD: "to see whether the pods become and stay Ready",
        Resource.ENDPOINTSLICE: "to see which pods receive traffic",
        Resource.ANALYSISRUN: "what an analysis measured (one that fails shows as an abort only)",
    }
)
_AROUND: Final[Mapping[Resource, str]] = MappingProxyType(
    {
        **dict.fromkeys(CONSUMERS, "which other workloads use what the plan moves away from"),
        Resource.AUTOSCALER: "whether an autoscaler changes the number of pods meanwhile",
        Resource.DISRUPTION_BUDGET: "whether a PodDisruptionBudget lets no pod be evicted",
        Resource.QUOTA: "whether a ResourceQuota has room for the canary's pods",
    }
)
"""The resources that only checks read, and why; Rollouts are left out of the rows, because a run lists them anyway."""

_EVIDENCE: Final = frozenset({Resource.ANALYSISRUN})
"""Resources that a run reads as evidence only and does not need."""

_ROWS: Final = (
    _Row(("get", "patch"), Resource.ROLLOUT, "to write the plan's values, and to put the old ones back", _the_rollout),
    _Row(("patch",), Resource.ROLLOUT, "to pass the pauses, and to abort", _the_rollout, "status"),
    *(_Row(("list", "watch"), kind, _WATCHED[kind], required=kind not in _EVIDENCE) for kind in WATCHED),
    _Row(("list",), Resource.SERVICE, "to see which Services reach the canary"),
    _Row(("get",), Resource.CONFIG_MAP, "to see whether the keys that the plan refers to are there", _config_maps),
    _Row(("get",), Resource.CONFIG_MAP, "to copy them", _copied_config_maps),
    _Row(("get",), Resource.SECRET, "to copy them", _copied_secrets),
    _Row(("create",), Resource.CONFIG_MAP, "to make the copies", _makes_config_maps),
    _Row(("create",), Resource.SECRET, "to make the copies", _makes_secrets),
    _Row(("get", "patch", "delete"), Resource.LEASE, "to keep the lock on the Rollout, and to release it", _the_lease),
    _Row(("create",), Resource.LEASE, "to take the lock on the Rollout"),
    _Row(
        ("get",),
        Resource.SECRET,
        "the Secrets' keys (not verified) and values (masked by pattern only)",
        _secrets,
        required=False,
    ),
    _Row(("create",), Resource.POD, "whether the API server takes pods of the plan (a dry run only)", required=False),
    _Row(("get",), Resource.POD, "the pods' logs", subresource="log", required=False),
    _Row(("get",), Resource.POD, "what the pods' readiness endpoints answer", subresource="proxy", required=False),
    _Row(("list",), Resource.EVENT, "the Events of the pods and of the Rollout", required=False),
    _Row(("create",), Resource.EVENT, "the Event that says who aborted, promoted or retried", required=False),
    *(_Row(("list",), of, why, required=False) for of, why in _AROUND.items() if of is not Resource.ROLLOUT),
)


def rights_of(plan: Plan, template: Json = _UNKNOWN) -> tuple[Right, ...]:
    """Return the rights that a run of the plan needs in its namespace, required ones first.

    `template` is the Rollout's, where it is known: the Secrets that it names are read so that they can be masked.
    """
    return tuple(
        Right(verb, row.resource, row.subresource, name, row.why, row.required)
        for row in sorted(_ROWS, key=lambda row: not row.required)
        for verb in row.verbs
        for name in row.names(plan, template)
    )


# -- the rules of a Role -----------------------------------------------------------------------------------------------


@frozen
class RoleRule:
    """The rights for one purpose as one rule of a Role; `resources` include the subresource."""

    group: str
    resources: tuple[str, ...]
    why: str
    required: bool
    verbs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((", ".join(self.verbs), ", ".join(self.resources), ", ".join(self.names))).strip()


def rules_of(rights: Iterable[Right]) -> tuple[RoleRule, ...]:
    """Join rights for one purpose on one resource into a rule; the rules are in the order of their first right."""
    together: dict[RoleRule, list[Right]] = {}
    for right in rights:
        together.setdefault(_rule(right), []).append(right)
    rules = (
        replace(rule, verbs=_each(right.verb for right in group), names=_each(right.name for right in group))
        for rule, group in together.items()
    )
    return _joined(rules)


def _joined(rules: Iterable[RoleRule]) -> tuple[RoleRule, ...]:
    """Join rules that differ only in their resources."""
    together: dict[RoleRule, list[str]] = {}
    for rule in rules:
        together.setdefault(replace(rule, resources=()), []).extend(rule.resources)
    return tuple(replace(rule, resources=tuple(resources)) for rule, resources in together.items())


def _rule(right: Right) -> RoleRule:
    resource = "/".join(part for part in (right.resource, right.subresource) if part)
    return RoleRule(right.group, (resource,), right.why, right.required)


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
