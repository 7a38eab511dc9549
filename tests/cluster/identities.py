"""Who talks to the API server. Everybody may do everything; the names tell the writers apart in the audit log."""

import json
import secrets
from pathlib import Path

from tests.cluster.files import write_whole
from tests.cluster.node import NAME, BedNode
from tests.cluster.shell import run

ADMIN = "admin"
APISERVER = "system:apiserver"  # what the API server calls itself; it needs no token
CONTROLLER_MANAGER = "system:kube-controller-manager"
SCHEDULER = "system:kube-scheduler"
KUBELET = f"system:node:{NAME}"
PROXY = "system:kube-proxy"
ROLLOUTS = "argo-rollouts"
TARGETS = "targets"
EVERYBODY = (ADMIN, CONTROLLER_MANAGER, SCHEDULER, KUBELET, PROXY, ROLLOUTS, TARGETS)


def write(node: BedNode) -> None:
    """New tokens, a kubeconfig for each, and the key that signs service account tokens."""
    tokens = {user: secrets.token_urlsafe(24) for user in EVERYBODY}
    lines = [f"{token},{user},{user},system:masters\n" for user, token in tokens.items()]
    write_whole(tokens_file(node), "".join(lines), mode=0o600)
    for user, token in tokens.items():
        write_whole(kubeconfig(node, user), json.dumps(_kubeconfig(node, user, token), indent=1), mode=0o600)
    run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", signing_key(node)])


def kubeconfig(node: BedNode, user: str) -> Path:
    """The file with which a user talks to the API server."""
    if user == ADMIN:
        return node.place.kubeconfig
    return node.folder("kubeconfigs") / user.replace(":", "-")


def tokens_file(node: BedNode) -> Path:
    return node.place.state / "tokens.csv"


def signing_key(node: BedNode) -> Path:
    return node.place.state / "service-accounts.key"


def token(node: BedNode, user: str) -> str:
    """The token of one user."""
    users = json.loads(kubeconfig(node, user).read_text())["users"]
    return str(users[0]["user"]["token"])


def _kubeconfig(node: BedNode, user: str, secret: str) -> dict[str, object]:
    """JSON is YAML. The authority is named, not contained: the API server has not made it yet."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "bed", "cluster": {"server": node.server, "certificate-authority": str(node.authority)}},
        ],
        "users": [{"name": user, "user": {"token": secret}}],
        "contexts": [{"name": "bed", "context": {"cluster": "bed", "user": user}}],
        "current-context": "bed",
    }
