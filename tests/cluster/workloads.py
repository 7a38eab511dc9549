"""containerd, kubelet and kube-proxy: what turns a pod into processes and a Service into an address."""

import json

from tests.cluster import cgroups, identities, processes
from tests.cluster.identities import kubeconfig
from tests.cluster.node import NAME, BedNode
from tests.cluster.shell import tool

PLUGINS = "/usr/lib/cni"

# restrict_oom_score_adj: without CAP_SYS_RESOURCE runc dies with "can't get final child's PID from pipe: EOF".
# netns_mounts_under_state_dir, Root, opt: whatever is not set here ends up in a folder that every containerd shares.
CONTAINERD = """
version = 2
root = "{folder}/root"
state = "{folder}/state"
[grpc]
  address = "{socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{plugins}"
    conf_dir = "{folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "{folder}/runc"
      SystemdCgroup = false
"""


def start_containerd(node: BedNode, pause: str) -> None:
    """A containerd of the bed's own: other socket, other folders than the distribution's."""
    folder = node.folder("containerd")
    (folder / "cni").mkdir()
    (folder / "cni" / "bridge.conflist").write_text(json.dumps(_pod_network(node)))
    config = folder / "config.toml"
    values = {"folder": folder, "socket": node.place.containerd_socket, "pause": pause, "plugins": PLUGINS}
    config.write_text(CONTAINERD.format_map(values))
    processes.start(node.place, "containerd", [tool("containerd"), f"--config={config}", "--log-level=warn"])


def _pod_network(node: BedNode) -> dict[str, object]:
    """A bridge for all pods."""
    addresses = {
        "type": "host-local",
        "dataDir": str(node.folder("addresses")),
        "ranges": [[{"subnet": node.ranges.pods}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {"type": "bridge", "bridge": "pods", "isGateway": True, "hairpinMode": True, "ipam": addresses}
    return {"cniVersion": "0.4.0", "name": node.place.cgroup, "plugins": [bridge]}


def start_kubelet(node: BedNode) -> None:
    """The node is on the cable's address, never on the bridge's: that one does not exist before the first pod."""
    cgroups.make(node.place)
    config, folder = node.place.state / "kubelet.json", node.folder("kubelet")
    config.write_text(json.dumps(_kubelet(node), indent=1))
    argv = [
        node.binaries / "kubelet",
        f"--config={config}",
        f"--kubeconfig={kubeconfig(node, identities.KUBELET)}",
        f"--root-dir={folder}",
        f"--hostname-override={NAME}",
        f"--node-ip={node.ranges.node}",
    ]
    processes.start(node.place, "kubelet", argv)


def _kubelet(node: BedNode) -> dict[str, object]:
    resolver = node.place.state / "resolv.conf"
    resolver.write_text(f"nameserver {node.ranges.node}\n")
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
        "authorization": {"mode": "AlwaysAllow"},
        # The API server's own: saves making another one.
        "tlsCertFile": str(node.authority),
        "tlsPrivateKeyFile": str(node.authority.with_suffix(".key")),
        "containerRuntimeEndpoint": f"unix://{node.place.containerd_socket}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{node.place.cgroup}",
        "failSwapOn": False,
        # What the bed's machine is short of is not what a test is about.
        "evictionHard": {},
        "localStorageCapacityIsolation": False,
        "imageGCHighThresholdPercent": 100,
        "maxPods": 250,
        "kubeAPIQPS": 200,
        "kubeAPIBurst": 400,
        # The bed's own name server knows no name: an unknown host fails at once, and no question leaves the machine.
        "resolvConf": str(resolver),
        "clusterDNS": [node.ranges.node],
        "clusterDomain": "cluster.local",
        "podLogsDir": str(node.folder("pod-logs")),
        "volumePluginDir": str(node.folder("volume-plugins")),
        "containerLogMaxSize": "4Mi",  # logs lie in memory
        "containerLogMaxFiles": 2,
    }


def start_proxy(node: BedNode) -> None:
    """Service addresses, by iptables rules inside the namespace."""
    config = node.place.state / "proxy.json"
    config.write_text(json.dumps(_proxy(node), indent=1))
    processes.start(node.place, "proxy", [node.binaries / "kube-proxy", f"--config={config}"])


def _proxy(node: BedNode) -> dict[str, object]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(kubeconfig(node, identities.PROXY))},
        "clusterCIDR": node.ranges.pods,
        "hostnameOverride": NAME,
        "bindAddress": node.ranges.node,
        # The tables' sizes belong to the whole machine, not to a namespace.
        "conntrack": {"maxPerCore": 0, "min": 0},
    }
