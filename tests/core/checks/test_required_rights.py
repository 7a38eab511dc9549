"""The table of rights: it covers whatever a run reads and writes, and grants no more names than the plan has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from cutover.core.base.resources import WATCHED, Resource
from cutover.core.base.target import Target
from cutover.core.checks.required_rights import Right, rights_of, rules_of
from cutover.core.objects.lease import lease_view
from cutover.core.objects.namespace_objects import AROUND
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.snapshot import Need
from cutover.core.patch.edit import ConfigCopy
from cutover.core.plan.load import load
from cutover.core.plan.model import Plan
from cutover.core.writes.copy import copy_write
from cutover.core.writes.deadman import disarm_write
from cutover.core.writes.event import event_write
from cutover.core.writes.lease import (
    lay_down_write,
    lease_name,
    release_write,
    renew_write,
    seize_write,
    take_over_write,
    take_write,
    verdict_write,
)
from cutover.core.writes.mark_no_return import no_return_write
from cutover.core.writes.pod_dry_run import pod_write
from cutover.core.writes.retry import retry_write
from cutover.core.writes.take_over import claim_write
from cutover.core.writes.unmark import unmark_write
from cutover.core.writes.write import Write, WriteName
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.stage import opening
from tests.core.plan.texts import GOOD, plan_with_env
from tests.core.plan.texts import changed as changed_text
from tests.core.writes.test_lease_writes import US, lease
from tests.core.writes.test_writes import CASES

COPYING: Final = (
    "    - configMap: {name: payments-config, set: {a: b}}\n    - secret: {name: payments-db-a, remove: [old]}\n"
)
PLAN: Final = load(GOOD, "plan.yaml")
COPYING_PLAN: Final = load(changed_text("  watch:", f"{COPYING}  watch:"), "plan.yaml")
TARGET: Final = PLAN.target
ROLLOUT: Final = rollout_view(opening().rollout)
CONFIG: Final = ConfigCopy("ConfigMap", "copy", "payments-config", "payments-config", (), {})
LEASE: Final = lease_view(lease(US))
WRITES: Final = (
    *(case.write for case in CASES),
    pod_write(TARGET, {}),
    copy_write(TARGET, CONFIG, "plan", "run"),
    copy_write(TARGET, replace(CONFIG, kind="Secret"), "plan", "run"),
    claim_write(TARGET, ROLLOUT, "us"),
    no_return_write(TARGET, "uid", "promotion"),
    unmark_write(TARGET, ROLLOUT),
    disarm_write(TARGET, ROLLOUT, None),
    retry_write(TARGET, ROLLOUT),
    take_write(TARGET, US, 0.0),
    take_over_write(TARGET, LEASE, US, 0.0),
    seize_write(TARGET, LEASE, US, 0.0, verdict="{}", words=""),
    renew_write(TARGET, US, 0.0),
    verdict_write(TARGET, "us", "{}", ""),
    lay_down_write(TARGET, US),
    release_write(TARGET, LEASE),
    event_write(TARGET, "uid", "reason", "message", 0.0),
)
NEEDS: Final[Mapping[Need, tuple[str, str, str]]] = {
    Need.ROLLOUT: ("get", "rollouts", "payments"),
    Need.STATUS: ("get", "rollouts", "payments"),
    Need.REPLICASETS: ("list", "replicasets", ""),
    Need.PODS: ("list", "pods", ""),
    Need.SERVICES: ("list", "services", ""),
    Need.CONFIGS: ("get", "secrets", "payments-db-b"),
    Need.AUTOSCALERS: ("list", "horizontalpodautoscalers", ""),
    Need.BUDGETS: ("list", "poddisruptionbudgets", ""),
    Need.QUOTAS: ("list", "resourcequotas", ""),
}
ENV_FROM: Final[Mapping[str, Any]] = {
    "spec.containers.1.envFrom": [{"secretRef": {"name": "more"}}, {"configMapRef": {"name": "flags"}}],
    "spec.initContainers.0.envFrom": [{"secretRef": {"name": ""}}],
}


def names(resource: str, plan: Plan = PLAN, **template: Any) -> list[str]:
    """The names that rights on the resource have, each once."""
    return [
        name for rule in rules_of(rights_of(plan, **template)) if rule.resources == (resource,) for name in rule.names
    ]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: f"{write.name}: {write.title}")
def test_whatever_is_written_has_its_right(write: Write) -> None:
    created = write.method == "create"
    wanted = (str(write.method), str(write.resource), write.subresource, "" if created else write.named)
    rights = rights_of(COPYING_PLAN)
    assert wanted in {(right.verb, right.resource, right.subresource, right.name) for right in rights}


def test_no_kind_of_write_is_forgotten_above() -> None:
    """What `cutover gc` deletes no run ever does: whoever may only run a plan is not to have the right to it."""
    assert {write.name for write in WRITES} == set(WriteName) - {WriteName.UNPAUSE, WriteName.COLLECT}
    verbs = {right.verb for right in rights_of(COPYING_PLAN) if right.resource in {"configmaps", "secrets"}}
    assert verbs == {"get", "create"}


def test_whatever_is_watched_or_needed_by_a_check_has_its_right() -> None:
    granted = {(right.verb, right.resource, right.name) for right in rights_of(PLAN)}
    assert {(verb, str(kind), "") for kind in WATCHED for verb in ("list", "watch")} <= granted
    assert set(NEEDS) == set(Need)
    assert set(NEEDS.values()) <= granted


def test_whatever_is_around_has_its_right() -> None:
    assert {("list", resource) for resource in AROUND} <= {(right.verb, right.resource) for right in rights_of(PLAN)}


def test_only_what_brings_evidence_is_optional_and_comes_last() -> None:
    rights = rights_of(PLAN)
    optional = [right for right in rights if not right.required]
    assert [*rights[-len(optional) :]] == optional
    assert {str(rule) for rule in rules_of(optional)} == {
        "list, watch analysisruns",
        "get secrets payments-db-b, payments-db-a",
        "create pods",
        "get pods/log",
        "get pods/proxy",
        "list events",
        "create events",
        "list deployments, statefulsets, daemonsets",
        "list cronjobs, jobs",
        "list horizontalpodautoscalers",
        "list poddisruptionbudgets",
        "list resourcequotas",
    }


def test_what_kubernetes_cannot_grant_for_a_name_is_asked_for_without() -> None:
    assert not [right for right in rights_of(PLAN) if right.name and right.verb in {"create", "list", "watch"}]


def test_the_plans_new_and_old_secrets_are_read_and_those_of_the_template_where_it_is_known() -> None:
    template = changed(TEMPLATE, ENV_FROM)
    assert names("secrets") == ["payments-db-b", "payments-db-a"]
    assert names("secrets", template=template) == ["payments-db-b", "payments-db-a", "more"]


def test_what_is_copied_has_to_be_read_and_so_has_the_copy_that_stands_in_its_place() -> None:
    live = changed(TEMPLATE, ENV_FROM)
    required = {(r.verb, r.resource, r.name) for r in rights_of(COPYING_PLAN, live) if r.required}
    assert {
        ("get", "configmaps", "payments-config"),
        ("get", "configmaps", "flags"),
        ("create", "configmaps", ""),
        ("get", "secrets", "more"),
        ("create", "secrets", ""),
    } <= required


def test_of_configmaps_only_the_new_ones_are_read() -> None:
    plan = plan_with_env(
        "{name: A, configMapKeyRef: {name: new, key: a}, from: {configMapKeyRef: {name: old, key: a}}}"
    )
    assert names("configmaps", plan, template=changed(TEMPLATE, ENV_FROM)) == ["new"]
    assert all(right.required for right in rights_of(plan) if right.resource == "configmaps")


def test_a_plan_of_literals_needs_no_right_to_any_secret() -> None:
    plan = plan_with_env('{name: A, value: "1"}')
    assert not [right for right in rights_of(plan) if right.resource in {"secrets", "configmaps"}]


def test_the_rollout_and_its_lease_are_granted_by_name() -> None:
    assert set(names("rollouts")) == set(names("rollouts/status")) == {"payments"}
    assert names("leases") == [lease_name(Target("payments", "payments"))]


def test_rights_of_one_purpose_are_one_rule() -> None:
    def right(verb: str, name: str, why: str = "both") -> Right:
        return Right(verb, Resource.POD, "log", name, why)

    rules = rules_of((right("get", "a"), right("get", "b"), right("list", "", "another"), right("watch", "a")))
    assert [(rule.resources, rule.verbs, rule.names, rule.why) for rule in rules] == [
        (("pods/log",), ("get", "watch"), ("a", "b"), "both"),
        (("pods/log",), ("list",), (), "another"),
    ]
