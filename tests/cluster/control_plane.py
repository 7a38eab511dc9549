"""etcd, the API server, the two controllers of Kubernetes, and Argo's."""

import json
from http import HTTPStatus
from pathlib import Path

from tests.cluster import identities, processes
from tests.cluster.api_requests import NO_PROXY, BedApi
from tests.cluster.build import Binaries
from tests.cluster.identities import kubeconfig
from tests.cluster.node import BedNode
from tests.cluster.shell import tool

ETCD, ETCD_PEERS = "http://127.0.0.1:2379", "http://127.0.0.1:2380"

# One line per write, never a body: no Secret ends up in the log. Heartbeats are left out.
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {
            "level": "None",
            "users": [identities.APISERVER, identities.KUBELET],
            "resources": [{"group": "coordination.k8s.io", "resources": ["leases"]}],
        },
        {"level": "Metadata", "verbs": ["create", "update", "patch", "delete", "deletecollection"]},
        {"level": "None"},
    ],
}

# Many tests at once on two cores: the clients' own throttles must not be what a test measures.
GENEROUS = ["--kube-api-qps=200", "--kube-api-burst=400"]


def start_etcd(node: BedNode) -> None:
    """One member. Its data lies in memory, so that no write waits for a disk."""
    argv = [
        tool("etcd"),
        f"--data-dir={node.folder('etcd')}",
        f"--listen-client-urls={ETCD}",
        f"--advertise-client-urls={ETCD}",
        f"--listen-peer-urls={ETCD_PEERS}",
        "--logger=zap",
        "--log-level=warn",
    ]
    processes.start(node.place, "etcd", argv)


def start_apiserver(node: BedNode) -> None:
    """It waits for etcd by itself, and makes its own certificate for the node's address."""
    policy = node.place.state / "audit-policy.json"
    policy.write_text(json.dumps(AUDIT_POLICY))
    argv = [
        node.binaries / "kube-apiserver",
        f"--etcd-servers={ETCD}",
        f"--bind-address={node.ranges.node}",
        f"--advertise-address={node.ranges.node}",
        f"--cert-dir={node.certificates}",
        f"--service-cluster-ip-range={node.ranges.services}",
        "--endpoint-reconciler-type=none",
        "--allow-privileged=true",
        # Otherwise `kubectl logs` tries to resolve the node's name.
        "--kubelet-preferred-address-types=InternalIP",
        *_authentication(node),
        f"--audit-policy-file={policy}",
        f"--audit-log-path={node.audit_log}",
        "--audit-log-maxsize=200",
        "--audit-log-maxbackup=1",
    ]
    processes.start(node.place, "apiserver", argv)


def _authentication(node: BedNode) -> list[str]:
    key = identities.signing_key(node)
    return [
        f"--token-auth-file={identities.tokens_file(node)}",
        "--authorization-mode=Node,RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
    ]


def start_controllers(node: BedNode) -> None:
    """Without a second copy of each there is nobody to elect, and the election costs seconds at every start."""
    argv = [
        node.binaries / "kube-controller-manager",
        f"--kubeconfig={kubeconfig(node, identities.CONTROLLER_MANAGER)}",
        f"--service-account-private-key-file={identities.signing_key(node)}",
        f"--root-ca-file={node.authority}",
        f"--flex-volume-plugin-dir={node.folder('volume-plugins')}",
        "--leader-elect=false",
        "--secure-port=0",
        *GENEROUS,
    ]
    processes.start(node.place, "controller-manager", argv)
    argv = [
        node.binaries / "kube-scheduler",
        f"--kubeconfig={kubeconfig(node, identities.SCHEDULER)}",
        "--leader-elect=false",
        "--secure-port=0",
        *GENEROUS,
    ]
    processes.start(node.place, "scheduler", argv)


def apply_crds(api: BedApi, binaries: Binaries) -> None:
    """Server-side, as the files are: a client-side apply would exceed the size of an annotation."""
    for file in sorted(binaries.crds.iterdir()):
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{_crd_name(file)}"
        api.apply(path, file.read_bytes())


def _crd_name(file: Path) -> str:
    """Read by eye: parsing these 700 KB of YAML takes longer than starting the API server."""
    lines = file.read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("  name: ") and line.endswith("argoproj.io"))


def crds_served(api: BedApi) -> bool:
    """The five kinds answer; before that the controller would end with an error."""
    document = api.get_or_none("/apis/argoproj.io/v1alpha1")
    kinds = {item["kind"] for item in document["resources"]} if document else set()
    return kinds >= {"Rollout", "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment"}


def rollouts_controller_answers(node: BedNode) -> bool:
    """Its health endpoint, which it opens when it begins to work."""
    try:
        with NO_PROXY.open(f"http://{node.ranges.node}:8080/healthz", timeout=2) as response:
            return bool(response.status == HTTPStatus.OK)
    except OSError:
        return False


def start_rollouts_controller(node: BedNode) -> None:
    argv = [
        node.binaries / "rollouts-controller",
        f"--kubeconfig={kubeconfig(node, identities.ROLLOUTS)}",
        "--leader-elect=false",
        "--qps=200",
        "--burst=400",
    ]
    processes.start(node.place, "rollouts-controller", argv)
