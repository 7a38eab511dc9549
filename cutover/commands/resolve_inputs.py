"""Gathering what a plan is resolved with besides its Rollout: config objects, outside values, and what to mask."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cutover.adapters.kube.session import Session
from cutover.adapters.kube.snapshot import read_configs
from cutover.adapters.run_identity import run_key
from cutover.adapters.secret_sources import read_sources
from cutover.core.base.documents import Json
from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import ConfigId, Snapshot
from cutover.core.patch.config_copies import decoded, objects_of
from cutover.core.patch.planned import ResolveInputs, Supplied
from cutover.core.plan.changes import SecretChange, ValueSource
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.config_references import config_references
from cutover.core.podtemplate.credential_literals import credential_literals
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret

Supply = Mapping[ValueSource, Supplied]


def wanted_configs(plan: Plan) -> tuple[ConfigId, ...]:
    """The Secrets and ConfigMaps that the plan's changes name, as new source or as object to copy, each once."""
    sources = (change.to for change in plan.variables)
    named = (_key(source) for source in sources if isinstance(source, FromSecret | FromConfigMap))
    return tuple(dict.fromkeys((*named, *(key for change in plan.objects for key in objects_of(change)))))


def _key(source: FromSecret | FromConfigMap) -> ConfigId:
    return ("Secret" if isinstance(source, FromSecret) else "ConfigMap", source.name)


def with_references(session: Session, snapshot: Snapshot) -> Snapshot:
    """Add to a snapshot every config object that its template names, and every Secret that an old template names."""
    templates = (snapshot.rollout.template, *(replicaset.template for replicaset in snapshot.owned_replicasets()))
    named = {*_named(templates[0], "ConfigMap"), *(key for one in templates for key in _named(one, "Secret"))}
    more = read_configs(session, snapshot.target.namespace, tuple(sorted(named - set(snapshot.configs))))
    return replace(snapshot, configs={**snapshot.configs, **more})


def _named(template: Json, kind: str) -> Iterable[ConfigId]:
    return ((reference.kind, reference.name) for reference in config_references(template) if reference.kind == kind)


def redactor_for(session: Session, snapshot: Snapshot, spelled_out: tuple[SecretText, ...] = ()) -> Redactor:
    """Read the Secrets that the Rollout's templates name, old ones too, and make a redactor that knows their values.

    It also knows the credentials that the templates spell out, and `spelled_out`: those of a plan or its sources.
    """
    return redactor_of(with_references(session, snapshot), spelled_out)


def redactor_of(snapshot: Snapshot, spelled_out: tuple[SecretText, ...] = ()) -> Redactor:
    """Make the redactor of `redactor_for` from a snapshot that already has the config objects."""
    templates = (snapshot.rollout.template, *(replicaset.template for replicaset in snapshot.owned_replicasets()))
    literals = (literal for one in templates for literal in credential_literals(one))
    public = (snapshot.target.rollout, snapshot.target.namespace)
    values = _secret_values(snapshot.configs.values())
    return Redactor(run_key()).knowing((*values, *literals, *spelled_out), public=public)


def _secret_values(reads: Iterable[object]) -> tuple[SecretText, ...]:
    secrets = (read for read in reads if isinstance(read, ConfigRead) and read.kind == "Secret")
    return tuple(value for secret in secrets for value in secret.values.values())


def supply_of(plan: Plan) -> Supply:
    """Read the values that the plan takes from files, from the environment and from standard input.

    Raises:
        InvalidPlanError: a value is missing or cannot be read.
    """
    secrets = tuple(change for change in plan.objects if isinstance(change, SecretChange))
    results = read_sources((source for change in secrets for _, source in change.to), plan.file)
    problems = tuple(_missing(change, results) for change in secrets if _without(change, results))
    if problems:
        raise InvalidPlanError(*(problem for each in problems for problem in each))
    return {source: value for source, value in results.items() if isinstance(value, Supplied)}


def _without(change: SecretChange, results: Mapping[ValueSource, Supplied | str]) -> tuple[tuple[str, str], ...]:
    """The keys of a Secret for which no value could be read, each with the reason."""
    values = ((key, results[source]) for key, source in change.to if source in results)
    return tuple((key, value) for key, value in values if isinstance(value, str))


def _missing(change: SecretChange, results: Mapping[ValueSource, Supplied | str]) -> tuple[Problem, ...]:
    at = change.at
    return tuple(
        Problem(f"expected a value, found none: {why}", path=f"{at.path}.set.{key}", file=at.file, line=at.line)
        for key, why in _without(change, results)
    )


def values_of(supply: Supply) -> tuple[SecretText, ...]:
    """The values as secret text, for the redactor."""
    return tuple(decoded(value.contents) for value in supply.values())


def inputs_of(snapshot: Snapshot, supply: Supply, suffix: str) -> ResolveInputs:
    """Gather what changes of config objects need: those that were read with values, outside values, and the suffix."""
    objects = {
        key: read for key, read in snapshot.configs.items() if isinstance(read, ConfigRead | NotFound | ReadFailed)
    }
    return ResolveInputs(objects, supply, suffix)
