"""What `cutover rbac` prints: whole texts, from a value."""

from typing import Any, Final

import pytest
import yaml

from cutover.core.checks.required_rights import rights_of, rules_of
from cutover.core.plan.load import load
from cutover.render.role import role_yaml
from tests.core.plan.texts import GOOD, changed

MINIMAL: Final = """\
# What `cutover apply` of the plan payments-to-pg16 takes, its way back included. Printed by `cutover rbac`.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: "cutover-payments", namespace: "payments"}
rules:
  # to write the plan's values, and to put the old ones back
  - apiGroups: ["argoproj.io"]
    resources: ["rollouts"]
    resourceNames: ["payments"]
    verbs: ["get", "patch"]
  # to pass the pauses, and to abort
  - apiGroups: ["argoproj.io"]
    resources: ["rollouts/status"]
    resourceNames: ["payments"]
    verbs: ["patch"]
  # to see what becomes of the Rollout
  - apiGroups: ["argoproj.io"]
    resources: ["rollouts"]
    verbs: ["list", "watch"]
  # to see which revision is stable and which is the canary's
  - apiGroups: ["apps"]
    resources: ["replicasets"]
    verbs: ["list", "watch"]
  # to see whether the pods become and stay Ready
  - apiGroups: [""]
    resources: ["pods"]
    verbs: ["list", "watch"]
  # to see which pods receive traffic
  - apiGroups: ["discovery.k8s.io"]
    resources: ["endpointslices"]
    verbs: ["list", "watch"]
  # to see which Services reach the canary
  - apiGroups: [""]
    resources: ["services"]
    verbs: ["list"]
  # to keep the lock on the Rollout, and to release it
  - apiGroups: ["coordination.k8s.io"]
    resources: ["leases"]
    resourceNames: ["cutover-payments"]
    verbs: ["get", "patch", "delete"]
  # to take the lock on the Rollout
  - apiGroups: ["coordination.k8s.io"]
    resources: ["leases"]
    verbs: ["create"]
# Who runs cutover: put a name for SUBJECT, and take the first two characters off each line from here on.
# ---
# apiVersion: rbac.authorization.k8s.io/v1
# kind: RoleBinding
# metadata: {name: "cutover-payments", namespace: "payments"}
# subjects:
#   - {kind: ServiceAccount, name: SUBJECT, namespace: "payments"}
# roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: "cutover-payments"}
"""

SECRETS: Final = """\
# Secrets that only the Rollout's template names are not known here: who may get them, too, has their values masked.
"""

OPTIONAL: Final = """\
  # optional; missing without it: what an analysis measured (one that fails shows as an abort only)
  - apiGroups: ["argoproj.io"]
    resources: ["analysisruns"]
    verbs: ["list", "watch"]
  # optional; missing without it: the Secrets' keys (not verified) and values (masked by pattern only)
  - apiGroups: [""]
    resources: ["secrets"]
    resourceNames: ["payments-db-b", "payments-db-a"]
    verbs: ["get"]
  # optional; missing without it: whether the API server takes pods of the plan (a dry run only)
  - apiGroups: [""]
    resources: ["pods"]
    verbs: ["create"]
  # optional; missing without it: the pods' logs
  - apiGroups: [""]
    resources: ["pods/log"]
    verbs: ["get"]
  # optional; missing without it: what the pods' readiness endpoints answer
  - apiGroups: [""]
    resources: ["pods/proxy"]
    verbs: ["get"]
  # optional; missing without it: the Events of the pods and of the Rollout
  - apiGroups: [""]
    resources: ["events"]
    verbs: ["list"]
  # optional; missing without it: the Event that says who aborted, promoted or retried
  - apiGroups: [""]
    resources: ["events"]
    verbs: ["create"]
  # optional; missing without it: which other workloads use what the plan moves away from
  - apiGroups: ["apps"]
    resources: ["deployments", "statefulsets", "daemonsets"]
    verbs: ["list"]
  # optional; missing without it: which other workloads use what the plan moves away from
  - apiGroups: ["batch"]
    resources: ["cronjobs", "jobs"]
    verbs: ["list"]
  # optional; missing without it: whether an autoscaler changes the number of pods meanwhile
  - apiGroups: ["autoscaling"]
    resources: ["horizontalpodautoscalers"]
    verbs: ["list"]
  # optional; missing without it: whether a PodDisruptionBudget lets no pod be evicted
  - apiGroups: ["policy"]
    resources: ["poddisruptionbudgets"]
    verbs: ["list"]
  # optional; missing without it: whether a ResourceQuota has room for the canary's pods
  - apiGroups: [""]
    resources: ["resourcequotas"]
    verbs: ["list"]
"""


def printed(text: str = GOOD, *, minimal: bool = False) -> str:
    plan = load(text, "plan.yaml")
    return role_yaml(plan, rules_of(right for right in rights_of(plan) if right.required or not minimal))


def test_the_minimal_role_is_what_a_run_cannot_do_without() -> None:
    assert printed(minimal=True) == MINIMAL


def test_the_whole_role_says_of_each_optional_rule_what_is_missing_without_it() -> None:
    head, who = MINIMAL.partition("apiVersion")[0], "# Who runs cutover"
    expected = MINIMAL.replace(head, head + SECRETS, 1).replace(who, OPTIONAL + who)
    assert printed() == expected


@pytest.mark.parametrize("name", ["1e3", "0x1f", "123", "on", "null", "2026-11-26"])
def test_a_name_stays_a_text_whatever_it_looks_like(name: str) -> None:
    text = changed("app: payments\n", f'app: payments\n    rollout: "{name}"\n    namespace: "{name}"\n')
    role: Any = yaml.safe_load(printed(text))
    assert role["metadata"] == {"name": f"cutover-{name}", "namespace": name}
    assert role["rules"][0]["resourceNames"] == [name]
    assert f'resourceNames: ["{name}"]' in printed(text), "another reader of YAML takes more for numbers than this one"
