"""Plans for a Rollout that nobody wrote a plan for, derived from what stands in it: the same ones every time."""

import json
from collections.abc import Iterator
from typing import Any, Final

Document = dict[str, Any]

_APP: Final = "app"


def plans_for(rollout: Document) -> dict[str, bytes]:
    """Three plans by name: of variables, of what they refer to, and of config objects and the rest of the template."""
    return {
        "variables": _plan(rollout, _variables(rollout)),
        "references": _plan(rollout, _references(rollout)),
        "objects": _plan(rollout, _objects(rollout)),
    }


def lives_of(rollout: Document) -> dict[str, bytes]:
    """The Rollout, and a file with the config objects that the plans are about."""
    return {"live.json": json.dumps(rollout).encode(), "config.json": json.dumps(_list(_configs(rollout))).encode()}


def _plan(rollout: Document, changes: list[Document]) -> bytes:
    """A plan in JSON, which is YAML."""
    meta = rollout["metadata"]
    target = {"app": _APP, "rollout": meta["name"], "namespace": meta.get("namespace", _APP)}
    document = {
        "apiVersion": "cutover.dev/v1alpha1",
        "kind": "CutoverPlan",
        "metadata": {"name": "derived"},
        "spec": {"target": target, "changes": changes, "promotion": "auto"},
    }
    return json.dumps(document, indent=1).encode()


def _variables(rollout: Document) -> list[Document]:
    """Set each literal to another, take the last variable away, and add one."""
    found = list(_entries(rollout))
    changes = [
        {"env": {"name": name, "container": where, "value": _other(entry["value"])}}
        for where, name, entry in found
        if isinstance(entry.get("value"), str)
    ]
    gone = [{"env": {"name": name, "container": where, "remove": True}} for where, name, _ in found[-1:]]
    changes = [change for change in changes if not _same_place(change, gone)]
    return [*changes[:3], *gone, {"env": {"name": "CUTOVER_ADDED", "value": "on", **_where(rollout)}}]


def _references(rollout: Document) -> list[Document]:
    """Lead each reference to another key, and a literal or a new variable to a Secret."""
    changes = []
    for where, name, entry in _entries(rollout):
        kinds = [kind for kind in ("secretKeyRef", "configMapKeyRef") if isinstance(_source(entry).get(kind), dict)]
        kind = kinds[0] if kinds else "secretKeyRef"
        changes.append({"env": {"name": name, "container": where, kind: {"name": "db-b", "key": "url"}}})
    to = {"secretKeyRef": {"name": "db-b", "key": "url"}}
    database = {"engine": "postgres", "env": "DATABASE_URL_B", "to": to, "dataRelation": "same", **_where(rollout)}
    return [*changes[:3], {"database": database}]


def _objects(rollout: Document) -> list[Document]:
    """Change a ConfigMap and a Secret that the Rollout reads, or that it does not, and a field of the template."""
    reads = list(_reads(rollout))
    config = next((name for kind, name in reads if kind == "ConfigMap"), "settings")
    secret = next((name for kind, name in reads if kind == "Secret"), "credentials")
    patch = {"op": "add", "path": "/spec/template/spec/terminationGracePeriodSeconds", "value": 45}
    return [
        {"configMap": {"name": config, "set": {"mode": "fast", "app.yaml": "a: 1\nb: 2\n"}, "remove": ["old"]}},
        {"secret": {"name": secret, "set": {"password": {"secretKeyRef": {"name": "db-b", "key": "password"}}}}},
        {"patch": [patch]},
    ]


def _other(value: str) -> str:
    """Another value of the same kind: an address gets another host, a word another end."""
    return value.replace(".", "-b.", 1) if "." in value else f"{value}-b"


def _same_place(change: Document, others: list[Document]) -> bool:
    return any(change["env"]["name"] == other["env"]["name"] for other in others)


def _where(rollout: Document) -> Document:
    """The first container, where there are several; an only one need not be named."""
    names = [name for name, _ in _containers(rollout)]
    return {"container": names[0]} if len(names) > 1 else {}


def _containers(rollout: Document) -> Iterator[tuple[str, Document]]:
    pod = _mapping(_mapping(_mapping(rollout.get("spec")).get("template")).get("spec"))
    for container in pod.get("containers") or ():
        if isinstance(container, dict) and isinstance(container.get("name"), str):
            yield container["name"], container


def _entries(rollout: Document) -> Iterator[tuple[str, str, Document]]:
    """The variables, each with its container and its name."""
    for name, container in _containers(rollout):
        for entry in container.get("env") or ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                yield name, entry["name"], entry


def _reads(rollout: Document) -> Iterator[tuple[str, str]]:
    """The ConfigMaps and Secrets that variables are read from."""
    for _, container in _containers(rollout):
        for entry in container.get("envFrom") or ():
            yield from _named(_mapping(entry), "configMapRef", "secretRef")
        for entry in container.get("env") or ():
            yield from _named(_source(_mapping(entry)), "configMapKeyRef", "secretKeyRef")


def _named(holder: Document, config: str, secret: str) -> Iterator[tuple[str, str]]:
    for field, kind in ((config, "ConfigMap"), (secret, "Secret")):
        name = _mapping(holder.get(field)).get("name")
        if isinstance(name, str) and name:
            yield kind, name


def _source(entry: Document) -> Document:
    return _mapping(entry.get("valueFrom"))


def _mapping(value: Any) -> Document:
    return value if isinstance(value, dict) else {}


def _configs(rollout: Document) -> list[Document]:
    """Config objects as the plans and the Rollout name them."""
    keys = dict.fromkeys([*_reads(rollout), ("ConfigMap", "settings"), ("Secret", "credentials"), ("Secret", "db-b")])
    namespace = rollout["metadata"].get("namespace", _APP)
    texts = {"url": "postgres://db-b:5432/app", "password": "planted-pw-1", "old": "x", "mode": "slow"}
    return [
        {
            "apiVersion": "v1",
            "kind": kind,
            "metadata": {"name": name, "namespace": namespace},
            "data" if kind == "ConfigMap" else "stringData": texts,
        }
        for kind, name in keys
    ]


def _list(items: list[Document]) -> Document:
    return {"apiVersion": "v1", "kind": "List", "items": items}
