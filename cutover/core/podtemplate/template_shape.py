"""The shape of a part of a template: the fields that are spelled out, without their values.

A Rollout's template is stored as it was sent (argo-rollouts v1.10.1: its CRD preserves unknown fields). A ReplicaSet's
is typed: defaults are added (Kubernetes `pkg/apis/core/v1/defaults.go`), zero values are dropped. The shape of the one
and the values of the other together give back the Rollout's part as it was spelled.
"""

from collections.abc import Mapping
from typing import Any, Final

from cutover.core.podtemplate.field_paths import Value, is_list

HELD: Final = 1
"""Stands in a shape for a value that the ReplicaSet holds. A zero value stays as it is, because it is no secret."""


def shape_of(value: Any) -> Any:
    """Return a JSON value with every scalar replaced by `HELD`, except null, false, 0 and the empty string."""
    match value:
        case Mapping():
            return {key: shape_of(item) for key, item in value.items()}
        case list() | tuple():
            return [shape_of(item) for item in value]
        case None | "" | False:
            return value
        case _:
            return value if type(value) in (int, float) and value == 0 else HELD


def shaped(typed: Value | None, shape: Any) -> Value | None:
    """Fill a shape with the values of a typed object; fields that are not in the shape are left out."""
    match shape:
        case Mapping():
            members = {key: shaped(_member(typed, key), documents) for key, documents in shape.items()}
            documents = {key: part.document for key, part in members.items() if isinstance(part, Value)}
            return Value(documents) if documents or not shape else _only_if_there(typed, documents)
        case list():
            items = [shaped(_item(typed, index), documents) for index, documents in enumerate(shape)]
            return Value([part.document for part in items if isinstance(part, Value)])
        case None | "" | False | 0:
            return Value(shape)
        case _:
            return typed


def _only_if_there(typed: Value | None, part: Any) -> Value | None:
    return None if typed is None else Value(part)


def _member(typed: Value | None, key: str) -> Value | None:
    body = typed.document if isinstance(typed, Value) else {}
    return Value(body[key]) if isinstance(body, Mapping) and key in body else None


def _item(typed: Value | None, index: int) -> Value | None:
    body = typed.document if isinstance(typed, Value) else []
    return Value(body[index]) if is_list(body) and index < len(body) else None
