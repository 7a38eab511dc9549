"""Prometheus, told by a feeder which pods to scrape, and the name server that knows no name."""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.cluster import identities, processes
from tests.cluster.api_requests import NO_PROXY
from tests.cluster.identities import kubeconfig
from tests.cluster.node import BedNode
from tests.cluster.place import CHECKOUT
from tests.cluster.shell import tool

PORT = 9090


def url(node: BedNode) -> str:
    return f"http://{node.ranges.node}:{PORT}"


def query(server: str, expression: str) -> list[Any]:
    """The result of an instant query: a list of series with their value now."""
    with NO_PROXY.open(f"{server}/api/v1/query?query={quote(expression)}", timeout=5) as answer:
        return list(json.load(answer)["data"]["result"])


def start_prometheus(node: BedNode) -> None:
    """Debian builds it without Kubernetes discovery: a file lists the targets, and is watched for changes."""
    folder = node.folder("prometheus")
    config = folder / "prometheus.json"
    config.write_text(json.dumps(_prometheus(_targets(node)), indent=1))
    argv = [
        tool("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={node.ranges.node}:{PORT}",
        "--log.level=warn",
    ]
    processes.start(node.place, "prometheus", argv)


def _prometheus(targets: Path) -> dict[str, object]:
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [{"job_name": "pods", "file_sd_configs": [{"files": [str(targets)]}]}],
    }


def start_feeder(node: BedNode) -> None:
    """The process that keeps the list of targets."""
    _start_python(node, "targets", [str(kubeconfig(node, identities.TARGETS)), str(_targets(node))])


def start_name_server(node: BedNode) -> None:
    """The process that answers every question for a name with "no such name"."""
    _start_python(node, "names", [node.ranges.node])


def _start_python(node: BedNode, module: str, words: list[str]) -> None:
    argv = [sys.executable, "-m", f"tests.cluster.{module}", *words]
    processes.start(node.place, module, argv, {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"})


def _targets(node: BedNode) -> Path:
    return node.place.state / "targets.json"
