"""A small namespace on the real cluster: one Rollout with one pod, and people with few rights."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cutover.adapters.kube.session import Session, connect
from cutover.core.base.target import Target
from tests.cluster import manifests
from tests.cluster.bed import Bed
from tests.cluster.progress import wait_for

PLANTED = "postgres://app:planted-pass@db.invalid/b"


@dataclass(frozen=True)
class Shop:
    """The namespace, and a session with all rights."""

    bed: Bed
    namespace: str
    session: Session
    folder: Path

    @property
    def target(self) -> Target:
        return Target(manifests.APP, self.namespace)

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        command = [str(self.bed.kubectl), "--kubeconfig", str(self.bed.kubeconfig), "-n", self.namespace, *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(self, *objects: manifests.Manifest) -> None:
        self.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def rollout(self) -> Any:
        return json.loads(self.kubectl("get", "rollout", manifests.APP, "-o", "json"))

    def patch(self, patch: Any) -> None:
        """A merge patch of the Rollout by somebody else."""
        self.kubectl("patch", "rollout", manifests.APP, "--type=merge", "-p", json.dumps(patch))

    def person(self, name: str, *rules: str) -> Session:
        """A session of a service account that may only do this; a rule is `verb,verb resource,resource`."""
        self.kubectl("create", "serviceaccount", name)
        for number, rule in enumerate(rules):
            verbs, resources = rule.split()
            role = f"{name}-{number}"
            self.kubectl("create", "role", role, f"--verb={verbs}", f"--resource={resources}")
            self.kubectl("create", "rolebinding", role, f"--role={role}", f"--serviceaccount={self.namespace}:{name}")
        config = json.loads(self.bed.kubeconfig.read_text())
        config["users"][0]["user"] = {"token": self.kubectl("create", "token", name).strip()}
        path = self.folder / name
        path.write_text(json.dumps(config))
        return connect(str(path))


@contextmanager
def opened(bed: Bed, namespace: str, folder: Path) -> Iterator[Shop]:
    """A namespace with the application in it, Healthy, for as long as this lasts."""
    shop = Shop(bed, namespace, connect(str(bed.kubeconfig)), folder)
    try:
        shop.apply(
            manifests.namespace(namespace),
            manifests.secret(namespace, "payments-db-a", url=bed.databases.a.url()),
            manifests.secret(namespace, "planted", url=PLANTED),
            manifests.service(namespace),
            manifests.rollout(namespace, bed.image, replicas=1, sidecar=False),
        )
        wait_for("Healthy", lambda: shop.rollout().get("status", {}).get("phase") == "Healthy", 90, pause=0.2)
        yield shop
    finally:
        shop.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false")
