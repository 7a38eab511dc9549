"""A namespace of its own for one test, with the usual application in it, and sentences about it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.cluster import manifests
from tests.cluster.bed import Bed
from tests.cluster.load.client import LoadClient
from tests.cluster.manifests import APP, Manifest
from tests.e2e.running import PATIENCE, CommandResult, Running

PAUSE: Final = 0.2
"""Seconds between two looks: tests that look all the time slow each other down."""

FAST: Final = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 1s, bake: 1s}"
"""For canaries that become Ready: on a busy machine a start may take long."""

SHORT: Final = "watch: {readyWithin: 8s, adoptWithin: 20s, hold: 1s, bake: 1s}"
"""For canaries that never become Ready."""


SMALL: Final[Mapping[str, Any]] = {"replicas": 2, "sidecar": False}
USUAL: Final[Mapping[str, Any]] = {"replicas": 4, "sidecar": True}
"""For `deploy`, where the size of the application matters; elsewhere it is `SMALL`, which takes half the time."""


@dataclass
class Arena:
    """One namespace, one Rollout `payments`, and everything that `cutover` printed about it (`outputs`)."""

    bed: Bed
    namespace: str
    folder: Path
    outputs: list[str] = field(default_factory=list)

    # -- setting up ----------------------------------------------------------------------------------------------------

    def deploy(self, *objects: Manifest, init_seconds: float = 0, **options: Any) -> None:
        """The application on database a, Healthy; `options` go to `manifests.rollout`, `objects` are made before it.

        With `init_seconds` an init container sleeps that long before the application's own containers are made.
        """
        rollout = manifests.rollout(self.namespace, self.bed.image, **{**SMALL, **options})
        if init_seconds:
            rollout["spec"]["template"]["spec"]["initContainers"] = [self._sleeper(init_seconds)]
        self.apply(
            manifests.namespace(self.namespace),
            manifests.secret(self.namespace, "payments-db-a", url=self.bed.databases.a.url()),
            manifests.secret(self.namespace, "payments-db-b", url=self.bed.databases.b.url()),
            manifests.service(self.namespace),
            *objects,
            rollout,
        )
        self.wait_healthy()
        self.wait(self._reachable, "every pod is reached through the Service")

    def _reachable(self) -> bool:
        return self.bed.endpoints(self.service_address()) >= int(self.rollout()["spec"]["replicas"])

    def _sleeper(self, seconds: float) -> Manifest:
        command = ["/usr/bin/python3", "-c", f"import time; time.sleep({seconds})"]
        return {"name": "init", "image": self.bed.image, "imagePullPolicy": "Never", "command": command}

    def apply(self, *objects: Manifest) -> None:
        self.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def secret(self, name: str, **values: str) -> None:
        self.apply(manifests.secret(self.namespace, name, **values))

    def quota(self, **hard: str) -> None:
        """A quota that is in force: its controller has counted what there is."""
        self.apply(manifests.quota(self.namespace, **hard))
        path = f"/api/v1/namespaces/{self.namespace}/resourcequotas/quota"
        self.wait(lambda: "used" in self.get(path).get("status", {}), "the quota is counted")

    def plan(self, *changes: str, more: str = "", watch: str = FAST, promotion: str = "auto") -> Path:
        """A plan with these changes (flow-style YAML of `env`)."""
        return self.plan_of(*(f"env: {change}" for change in changes), more=more, watch=watch, promotion=promotion)

    def plan_of(self, *changes: str, more: str = "", watch: str = FAST, promotion: str = "auto") -> Path:
        """A plan with these changes, of any kind (flow-style YAML of an entry)."""
        lines = "".join(f"    - {change}\n" for change in changes)
        text = (
            "apiVersion: cutover.dev/v1alpha1\nkind: CutoverPlan\nmetadata: {name: test-plan}\nspec:\n"
            f"  target: {{app: {APP}, namespace: {self.namespace}}}\n  changes:\n{lines}"
            f"  {watch}\n  promotion: {promotion}\n{more}"
        )
        file = self.folder / f"plan-{time.monotonic_ns()}.yaml"
        file.write_text(text)
        return file

    def to_secret(self, name: str, key: str = "url") -> str:
        """The change that points DATABASE_URL at a Secret."""
        return f"{{name: DATABASE_URL, container: app, secretKeyRef: {{name: {name}, key: {key}}}}}"

    def restricted_kubeconfig(self, *rules: Manifest) -> Path:
        """A kubeconfig of a service account that may do just this in the namespace."""
        role = {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "metadata": {"name": "someone", "namespace": self.namespace},
        }
        subject = {"kind": "ServiceAccount", "name": "someone", "namespace": self.namespace}
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "someone"}
        self.apply(
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": role["metadata"]},
            role | {"kind": "Role", "rules": list(rules)},
            role | {"kind": "RoleBinding", "subjects": [subject], "roleRef": reference},
        )
        config = json.loads(self.bed.kubeconfig.read_text())
        config["users"][0]["user"] = {"token": self.kubectl("create", "token", "someone").strip()}
        file = self.folder / "restricted.json"
        file.write_text(json.dumps(config))
        return file

    # -- cutover itself ------------------------------------------------------------------------------------------------

    def start(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> Running:
        """Start `cutover` with these arguments against the bed."""
        command = [sys.executable, "-m", "cutover", *map(str, arguments)]
        environment = os.environ | {
            "KUBECONFIG": str(self.bed.kubeconfig),
            "XDG_STATE_HOME": str(self.folder / "state"),
            **(env or {}),
        }
        process = subprocess.Popen(
            command,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        return Running(process, time.monotonic(), self.outputs)

    def cutover(self, *arguments: str | Path, within: float = 180) -> CommandResult:
        """Run `cutover` to its end."""
        return self.start(*arguments).finish(within)

    def applied(self, plan: Path, *arguments: str) -> CommandResult:
        """`cutover apply PLAN -o json`, to its end."""
        return self.cutover("apply", plan, "-o", "json", *arguments)

    # -- looking -------------------------------------------------------------------------------------------------------

    def get(self, path: str) -> Any:
        return self.bed.api.get(path)

    def rollout(self) -> Any:
        return self.get(f"/apis/argoproj.io/v1alpha1/namespaces/{self.namespace}/rollouts/{APP}")

    def replicasets(self) -> list[Any]:
        found: list[Any] = self.get(f"/apis/apps/v1/namespaces/{self.namespace}/replicasets")["items"]
        return found

    def pods(self) -> list[Any]:
        """The application's pods that are not going."""
        items = self.get(f"/api/v1/namespaces/{self.namespace}/pods")["items"]
        return [pod for pod in items if "deletionTimestamp" not in pod["metadata"]]

    def stable_pods(self) -> dict[str, int]:
        """Name and restarts of each pod of the stable revision."""
        hash_ = self.rollout()["status"]["stableRS"]
        pods = (pod for pod in self.pods() if pod["metadata"]["labels"].get("rollouts-pod-template-hash") == hash_)
        return {pod["metadata"]["name"]: _restarts(pod) for pod in pods}

    def canary_pods(self) -> list[Any]:
        status = self.rollout()["status"]
        hash_ = status["currentPodHash"]
        if hash_ == status["stableRS"]:
            return []
        return [pod for pod in self.pods() if pod["metadata"]["labels"].get("rollouts-pod-template-hash") == hash_]

    def template(self) -> Any:
        return self.rollout()["spec"]["template"]

    def healthy(self) -> bool:
        rollout = self.rollout()
        status = rollout.get("status", {})
        settled = status.get("phase") == "Healthy" and status.get("stableRS") == status.get("currentPodHash")
        observed = int(status.get("observedGeneration", 0)) >= rollout["metadata"]["generation"]
        return bool(settled and observed and status.get("availableReplicas") == rollout["spec"]["replicas"])

    def wait_healthy(self) -> None:
        self.wait(self.healthy, "the Rollout is Healthy")

    def wait(self, true: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
        ends = time.monotonic() + within
        while not true():
            assert time.monotonic() < ends, f"not within {within:g} s: {what}\n{self.describe()}"
            time.sleep(PAUSE)

    def describe(self) -> str:
        status = self.rollout().get("status", {})
        pods = [f"{pod['metadata']['name']}: {pod['status'].get('phase')}" for pod in self.pods()]
        return json.dumps({"status": status, "pods": pods}, indent=1)

    # -- acting as somebody else ---------------------------------------------------------------------------------------

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        command = [str(self.bed.kubectl), "--kubeconfig", str(self.bed.kubeconfig), "-n", self.namespace, *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, f"kubectl {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def kubectl_diff(self, *objects: Manifest) -> str:
        """What `kubectl diff` prints; it exits 1 where there are differences."""
        command = [str(self.bed.kubectl), "--kubeconfig", str(self.bed.kubeconfig), "diff", "-f", "-"]
        items = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        return subprocess.run(command, input=items, capture_output=True, text=True, check=False, timeout=60).stdout

    def wait_for_log(self, words: str) -> str:
        """The log of the first canary pod, as soon as these words are in it."""
        log = ""

        def said() -> bool:
            nonlocal log
            pods = self.canary_pods()
            log = self.kubectl("logs", pods[0]["metadata"]["name"], "-c", "app") if pods else ""
            return words in log

        self.wait(said, f"{words!r} in the canary's log")
        return log

    def argo(self, *arguments: str) -> str:
        command = [str(self.bed.argo_plugin), "--kubeconfig", str(self.bed.kubeconfig), "-n", self.namespace]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, f"argo {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def patch(self, patch: Any, subresource: str = "") -> None:
        """A merge patch of the Rollout by somebody else."""
        more = (f"--subresource={subresource}",) if subresource else ()
        self.kubectl("patch", "rollout", APP, "--type=merge", "-p", json.dumps(patch), *more)

    def address(self) -> str:
        return f"http://{self.service_address()}/"

    def service_address(self) -> str:
        return str(self.get(f"/api/v1/namespaces/{self.namespace}/services/{APP}")["spec"]["clusterIP"])

    def wait_for_answers_of(self, database: str) -> None:
        """Every pod behind the Service is on that database; kube-proxy learns a moment late which pods those are."""
        self.wait(lambda: self._all_from(database), f"only {database} answers")

    def _all_from(self, database: str) -> bool:
        """Whether that database is behind each of some requests, every one on a new connection."""
        with self.load(20) as client:
            time.sleep(0.5)
            result = client.stop()
        return not result.failed and set(result.by_database) == {database}

    @contextmanager
    def load(self, rate: float = 50) -> Iterator[LoadClient]:
        """Users, at a fixed rate through the Service."""
        with LoadClient(self.address(), rate, allow=[self.bed.ranges.services]) as client:
            yield client

    @contextmanager
    def no_write(self, but: str = "") -> Iterator[None]:
        """Nothing in this namespace is written by `cutover` meanwhile, by the API server's own audit log.

        `but` is a part of the paths that may be written all the same (the lock).
        """
        before = len(self._writes_of_cutover())
        yield
        written = [uri for uri in self._writes_of_cutover()[before:] if not but or but not in uri]
        assert written == [], "cutover wrote to the cluster"

    def leases(self) -> list[Any]:
        found: list[Any] = self.get(f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases")["items"]
        return found

    def marks(self) -> dict[str, str]:
        """What a run of `cutover` left on the Rollout."""
        annotations = self.rollout()["metadata"].get("annotations", {})
        return {name: value for name, value in annotations.items() if name.startswith("cutover.dev/")}

    def _writes_of_cutover(self) -> list[str]:
        """What `cutover` wrote here so far; a dry run is no write, nor is the question what one may do."""
        lines = (json.loads(line) for line in self.bed.audit_log.read_text().splitlines() if self.namespace in line)
        ours = (line for line in lines if line.get("userAgent", "").startswith("cutover/"))
        uris = (line["requestURI"] for line in ours)
        return [uri for uri in uris if "dryRun" not in uri and not uri.endswith("selfsubjectaccessreviews")]

    def begin_another_update(self) -> None:
        """Somebody else's canary, at its first pause."""
        self.patch_env("FEATURE_X", "theirs")
        self.wait(lambda: bool(self.rollout()["status"].get("pauseConditions")), "their canary is at its pause")

    def patch_env(self, name: str, value: str) -> None:
        """Somebody else's change of a literal of the container `app`."""
        env = self.template()["spec"]["containers"][0]["env"]
        index = next(index for index, entry in enumerate(env) if entry["name"] == name)
        path = f"/spec/template/spec/containers/0/env/{index}/value"
        operation = [{"op": "replace", "path": path, "value": value}]
        self.kubectl("patch", "rollout", APP, "--type=json", "-p", json.dumps(operation))


def _restarts(pod: Any) -> int:
    return sum(status["restartCount"] for status in pod["status"].get("containerStatuses", []))
