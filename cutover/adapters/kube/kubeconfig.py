"""Choosing the kubeconfig and the context to use, by kubectl's rules.

Only names from a kubeconfig are ever printed: the client's own errors quote whole entries, tokens included.
"""

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final

import yaml
from kubernetes.config import ConfigException
from kubernetes.config.kube_config import KubeConfigMerger

from cutover.core.base.errors import Problem, UnreachableError, UsageError
from cutover.core.base.frozen import frozen

SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@frozen
class InCluster:
    """Access by the service account that is mounted into this pod, because there is no kubeconfig."""

    namespace: str


@frozen
class ChosenContext:
    """One context of a kubeconfig, whose files `merged` combines; `cluster` and `user` are the entries as written."""

    merged: KubeConfigMerger = field(repr=False)
    context: str
    namespace: str
    cluster: Mapping[str, Any] = field(repr=False)
    user: Mapping[str, Any] = field(repr=False)


def choose(kubeconfig: str, context: str) -> ChosenContext | InCluster:
    """Choose the context; the arguments are those of `--kubeconfig` and `--context`, empty if not given.

    Raises:
        UsageError: there is no kubeconfig, it cannot be read, or it has no such context.
        UnreachableError: the context has no server or names a user that does not exist.
    """
    files = _files(kubeconfig)
    if files:
        return _context(_merged(files), context, files)
    if not context and _inside():
        return InCluster(_own_namespace())
    raise UsageError(_no_kubeconfig(context))


def _files(kubeconfig: str) -> tuple[Path, ...]:
    """The files: `--kubeconfig`, which must exist, or those of `$KUBECONFIG` that exist (client-go `loader.go`)."""
    if kubeconfig:
        path = Path(kubeconfig).expanduser()
        if not path.is_file():
            raise UsageError(Problem("the kubeconfig does not exist", file=kubeconfig, remedy="check --kubeconfig"))
        return (path,)
    return tuple(path for path in _places() if path.is_file())


def _places() -> tuple[Path, ...]:
    listed = [Path(part).expanduser() for part in os.environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    return tuple(listed) or (Path.home() / ".kube" / "config",)


def _no_kubeconfig(context: str) -> Problem:
    wanted = f"context {context!r} was asked for, but there" if context else "there"
    return Problem(
        f"{wanted} is no kubeconfig (looked for {', '.join(map(str, _places()))}), and this is not a pod of a cluster",
        remedy="set KUBECONFIG or give --kubeconfig",
    )


def _merged(files: tuple[Path, ...]) -> KubeConfigMerger:
    try:
        return KubeConfigMerger(_names(files))
    except OSError as error:
        raise UsageError(Problem(f"the kubeconfig cannot be read: {error.strerror}", file=str(files[0]))) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UsageError(Problem("the kubeconfig is not valid YAML", file=_names(files), line=line)) from error
    except (ConfigException, yaml.YAMLError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise UsageError(Problem("the file is not a kubeconfig", file=_names(files))) from error


def _context(merged: KubeConfigMerger, asked: str, files: tuple[Path, ...]) -> ChosenContext:
    contexts = _entries(merged, "contexts", "context")
    name = asked or _current(merged)
    if name not in contexts:
        raise UsageError(_unknown(name, tuple(contexts), files))
    entry = contexts[name]
    return ChosenContext(
        merged=merged,
        context=name,
        namespace=entry.get("namespace") or "default",
        cluster=_cluster(merged, name, entry),
        user=_user(merged, name, entry),
    )


def _current(merged: KubeConfigMerger) -> str:
    """The current context of the first file that names one, as in client-go; the Python client takes the last."""
    named = (str(config.get("current-context") or "") for config in merged.config_files.values())
    return next((name for name in named if name), "")


def _unknown(name: str, known: tuple[str, ...], files: tuple[Path, ...]) -> Problem:
    message = f"the context {name!r} does not exist" if name else "no current context is set"
    contexts = ", ".join(known) or "none"
    return Problem(message, file=_names(files), remedy=f"name one with --context; there are: {contexts}")


def _cluster(merged: KubeConfigMerger, context: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    name = entry.get("cluster") or ""
    cluster = _entries(merged, "clusters", "cluster").get(name, {})
    if not cluster.get("server"):
        raise UnreachableError(Problem(f"context {context!r} leads to no server: cluster {name!r} names none"))
    return cluster


def _user(merged: KubeConfigMerger, context: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    name = entry.get("user") or ""
    users = _entries(merged, "users", "user")
    if name and name not in users:
        raise UnreachableError(Problem(f"context {context!r} names the user {name!r}, which does not exist"))
    return users.get(name, {})


def _entries(merged: KubeConfigMerger, section: str, item: str) -> Mapping[str, Mapping[str, Any]]:
    nodes = [node.value for node in merged.config.value.get(section) or ()]
    return {node["name"]: node.get(item) or {} for node in nodes}


def _names(files: tuple[Path, ...]) -> str:
    return os.pathsep.join(map(str, files))


def _inside() -> bool:
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST")) and (SERVICE_ACCOUNT / "token").is_file()


def _own_namespace() -> str:
    path = SERVICE_ACCOUNT / "namespace"
    return path.read_text().strip() if path.is_file() else "default"
