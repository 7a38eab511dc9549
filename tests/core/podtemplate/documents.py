"""Pod templates as the API gives them."""

from typing import Any


def secret(variable: str, name: str, key: str, **more: Any) -> dict[str, Any]:
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": name, "key": key, **more}}}


def config(variable: str, name: str, key: str, **more: Any) -> dict[str, Any]:
    return {"name": variable, "valueFrom": {"configMapKeyRef": {"name": name, "key": key, **more}}}


def literal(variable: str, value: str) -> dict[str, Any]:
    return {"name": variable, "value": value}


def container(name: str, *env: dict[str, Any], **more: Any) -> dict[str, Any]:
    held = {"name": name, "image": f"{name}:1", "ports": [{"name": "http", "containerPort": 8080}], **more}
    return {**held, "env": list(env)} if env else held


def template(*containers: dict[str, Any], init: tuple[dict[str, Any], ...] = (), **spec: Any) -> dict[str, Any]:
    inits = {"initContainers": list(init)} if init else {}
    return {
        "metadata": {"labels": {"app": "payments"}},
        "spec": {"containers": list(containers), **inits, "terminationGracePeriodSeconds": 30, **spec},
    }


PAYMENTS = template(
    container(
        "app",
        secret("DATABASE_URL", "payments-db-a", "url"),
        literal("OLD_FLAG", "1"),
        literal("POOL_SIZE", "10"),
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
    ),
    container("proxy", literal("OLD_FLAG", "0")),
    init=(container("migrate", secret("DATABASE_URL", "payments-db-a", "url")),),
)
"""The usual application: a sidecar, and an init container that migrates the database."""
