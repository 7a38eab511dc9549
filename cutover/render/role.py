"""Prints the Role that a run of a plan needs, as YAML with a comment on each rule; a person fills in who gets it."""

import json
import textwrap
from collections.abc import Iterable
from typing import Final

from cutover.core.checks.required_rights import RoleRule
from cutover.core.plan.model import Plan

_HEAD: Final = """\
# What `cutover apply` of the plan {plan} takes, its way back included. Printed by `cutover rbac`.
{secrets}apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: {name}, namespace: {namespace}}}
rules:
"""

_SECRETS: Final = """\
# Secrets that only the Rollout's template names are not known here: who may get them, too, has their values masked.
"""

_RULE: Final = """\
  # {comment}
  - apiGroups: [{group}]
    resources: [{resources}]
{names}    verbs: [{verbs}]
"""

_BINDING: Final = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: {name}, namespace: {namespace}}}
subjects:
  - {{kind: ServiceAccount, name: SUBJECT, namespace: {namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: {name}}}
"""


def role_yaml(plan: Plan, rules: tuple[RoleRule, ...]) -> str:
    """Return one YAML document that `kubectl apply` accepts, with a line break at its end."""
    words = {
        "plan": plan.name,
        "name": json.dumps(f"cutover-{plan.target.rollout}"),
        "namespace": json.dumps(plan.target.namespace),
        "secrets": "" if all(rule.required for rule in rules) else _SECRETS,
    }
    binding = textwrap.indent(_BINDING.format(**words), "# ")
    who = "# Who runs cutover: put a name for SUBJECT, and take the first two characters off each line from here on.\n"
    return f"{_HEAD.format(**words)}{''.join(map(_rule, rules))}{who}{binding}"


def _rule(rule: RoleRule) -> str:
    return _RULE.format(
        comment=rule.why if rule.required else f"optional; missing without it: {rule.why}",
        group=json.dumps(rule.group),
        resources=_quoted(rule.resources),
        names=f"    resourceNames: [{_quoted(rule.names)}]\n" if rule.names else "",
        verbs=_quoted(rule.verbs),
    )


def _quoted(texts: Iterable[str]) -> str:
    """Join the texts, each quoted: a name such as `1e3` or `on` is a number or a truth value otherwise."""
    return ", ".join(map(json.dumps, texts))
