"""What the API server adds to an entry of `env`, or leaves out of it, where an object is typed.

A Rollout's template is stored as it was sent (argo-rollouts v1.10.1: its CRD preserves unknown fields), a ReplicaSet's
is typed: defaults come (Kubernetes `pkg/apis/core/v1/defaults.go: SetDefaults_ObjectFieldSelector`; a quantity that is
not given is "0"), an empty string goes. So one old entry has several spellings, and only one was the Rollout's.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from cutover.core.views.fields import Json, at

DEFAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {"value": "", "valueFrom.fieldRef.apiVersion": "v1", "valueFrom.resourceFieldRef.divisor": "0"}
)
"""The leaves that mean the same whether they stand there or not, with the value that they mean."""


def spelled_defaults(entry: Json) -> tuple[str, ...]:
    """The leaves of `DEFAULTS` that stand in the entry with their default: names only, no value of anybody's."""
    return tuple(leaf for leaf, default in DEFAULTS.items() if at(entry, *leaf.split(".")) == default)


def spell(entry: Json, defaults: tuple[str, ...]) -> dict[str, Any]:
    """The entry with exactly these of `DEFAULTS` spelled out; what is no default stays as it is."""
    copy: dict[str, Any] = json.loads(json.dumps(entry))
    for leaf, default in DEFAULTS.items():
        *parents, last = leaf.split(".")
        body = at(copy, *parents) if parents else copy
        if not isinstance(body, dict):
            continue
        if leaf in defaults:
            body.setdefault(last, default)
        elif body.get(last) == default:
            del body[last]
    return copy
