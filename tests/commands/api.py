"""An API server of a test: it shows the documents of a `ClusterStage`, and answers writes as it is told.

It decides nothing: what follows a write is the next stage of the test. All that it works out is what a JSON Patch makes
of a document (by the library), and which documents differ from one stage to the next. A write that no test foresaw is a
defect of the test.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Condition
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.resources import WATCHED, Resource
from tests.adapters.kube.server import ApiServer, Call, Reply, SeenRequest, listing
from tests.core.engine.play import patched
from tests.core.engine.stage import ClusterStage, opening

REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
NAMESPACE: Final = "payments"
PLANTED: Final = "planted-pass-9"
_URL: Final = "cG9zdGdyZXM6Ly9hcHA6cGxhbnRlZC1wYXNzLTlAZGIvYQ=="
"""postgres://app:planted-pass-9@db/a"""


def secret(name: str) -> Json:
    """A Secret as the API shows it; it holds the address of a database, with its password."""
    meta = {"name": name, "namespace": NAMESPACE, "uid": f"uid-{name}", "resourceVersion": "3"}
    return {"kind": "Secret", "metadata": meta, "data": {"url": _URL}}


_BY_PLURAL: Final = {str(resource): resource for resource in Resource}
SERVICE: Final[Json] = {
    "kind": "Service",
    "metadata": {"name": "payments", "namespace": NAMESPACE, "uid": "uid-service"},
    "spec": {"selector": {"app": "payments"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
CONTROLLER: Final[Json] = {
    "kind": "Deployment",
    "metadata": {"name": "argo-rollouts", "namespace": "argo-rollouts"},
    "spec": {"template": {"spec": {"containers": [{"image": "quay.io/argoproj/argo-rollouts:v1.9.1"}]}}},
}
USUAL: Final[Mapping[Resource, tuple[Json, ...]]] = {
    Resource.SECRET: (secret("payments-db-a"), secret("payments-db-b")),
    Resource.SERVICE: (SERVICE,),
    Resource.DEPLOYMENT: (CONTROLLER,),
}


class StagedApi:
    """What the server shows, how it answers, and all that it was asked.

    `on` has the answers to writes: by method and the last parts of the path, `PATCH rollouts/payments/status`. `dry`
    answers every dry run of the Rollout's patch (with `after`, where nothing else is said), `pod` that of a pod;
    `denied` names the rights that are missing (`patch rollouts`), `instead` the answers in place of the usual ones.
    """

    def __init__(self) -> None:
        self.stage = opening()
        self.others: dict[Resource, tuple[Json, ...]] = dict(USUAL)
        self.denied: frozenset[str] = frozenset()
        self.on: dict[str, Reply] = {}
        self.dry: Reply = lambda call: call.reply(200, self.after)
        self.pod: Reply = lambda call: call.reply(201, {"kind": "Pod"})
        self.instead: dict[str, Reply] = {}
        self.after: Json = {}
        self.writes: list[str] = []
        self.bodies: list[Any] = []
        self.seen: list[SeenRequest] = []
        self._news: dict[Resource, list[Json]] = {kind: [] for kind in WATCHED}
        self._changed = Condition()
        self._over = False

    # -- what is shown ---------------------------------------------------------------------------------------------

    def shows(self, stage: ClusterStage) -> None:
        """From here on the server shows this stage, and tells whoever watches what is new in it."""
        with self._changed:
            for kind in WATCHED:
                self._tell(kind, self.stage.documents[kind], stage.documents[kind])
            self.stage = stage
            self._changed.notify_all()

    def stores(self, call: Call) -> ClusterStage:
        """Answer a patch of the Rollout with what it makes of it; from here on that is shown.

        A patch of the subresource `status` changes the status only, one of the Rollout itself all but the status (the
        API server ignores the rest, as of every custom resource with that subresource). Whatever means more is wrong.
        """
        operations = json.loads(call.seen.body)
        of_status = call.seen.path.endswith("/status")
        paths = [operation["path"] for operation in operations if operation["op"] != "test"]
        beside = [path for path in paths if (path.split("/")[1] == "status") is not of_status]
        assert not beside, f"{call.seen.path} does not change {beside}"
        left = replace(self.stage, rollout=patched(self.stage.rollout, operations))
        self.shows(left)
        call.reply(200, left.rollout)
        return left

    def _tell(self, kind: Resource, before: tuple[Json, ...], after: tuple[Json, ...]) -> None:
        now = {_name(each) for each in after}
        self._news[kind] += [{"type": "MODIFIED", "object": each} for each in after if each not in before]
        self._news[kind] += [{"type": "DELETED", "object": each} for each in before if _name(each) not in now]

    def close(self) -> None:
        """End every watch."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    # -- answering -------------------------------------------------------------------------------------------------

    def __call__(self, call: Call) -> None:
        seen = call.seen
        self.seen.append(seen)
        short = _short(seen.path)
        if seen.path == REVIEWS:
            self._review(call)
        elif f"{seen.method} {short}" in self.instead:
            self.instead[f"{seen.method} {short}"](call)
        elif seen.method == "GET":
            self.usual(call)
        elif "dryRun" in seen.query:
            (self.pod if short.startswith("pods") else self.dry)(call)
        else:
            self._write(call, short)

    def usual(self, call: Call) -> None:
        """Answer a read with what is shown, and a watch with what is new in it."""
        self._watch(call) if "watch" in call.seen.query else self._show(call, _short(call.seen.path))

    def _review(self, call: Call) -> None:
        attributes = json.loads(call.seen.body)["spec"]["resourceAttributes"]
        call.reply(201, {"status": {"allowed": f"{attributes['verb']} {attributes['resource']}" not in self.denied}})

    def _show(self, call: Call, short: str) -> None:
        plural, _, name = short.partition("/")
        if plural not in _BY_PLURAL:
            call.refuse(404, "NotFound")
            return
        kind = _BY_PLURAL[plural]
        with self._changed:
            items = self.stage.documents.get(kind, self.others.get(kind, ()))
            version = str(len(self._news.get(kind, ())))
        if not name:
            call.reply(200, listing(*items, version=version))
            return
        named = [item for item in items if _name(item) == name]
        call.reply(200, named[0]) if named else call.refuse(404, "NotFound")

    def _watch(self, call: Call) -> None:
        kind, told = _BY_PLURAL[_short(call.seen.path)], int(call.seen.query["resourceVersion"])
        call.begin()
        while news := self._after(kind, told):
            for event in news:
                call.event(event["type"], event["object"])
            told += len(news)

    def _after(self, kind: Resource, told: int) -> list[Json]:
        """Wait for news; none once the server is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or len(self._news[kind]) > told)
            return [] if self._over else self._news[kind][told:]

    def _write(self, call: Call, short: str) -> None:
        write = f"{call.seen.method} {short}"
        self.writes.append(write)
        self.bodies.append(json.loads(call.seen.body))
        assert write in self.on, f"nobody foresaw {write}"
        self.on[write](call)


def _name(document: Json) -> str:
    name: str = document["metadata"]["name"]
    return name


def _short(path: str) -> str:
    """The path without group, version and namespace: `rollouts/payments/status`."""
    parts = path.strip("/").split("/")
    if "namespaces" in parts[:-2]:
        return "/".join(parts[parts.index("namespaces") + 2 :])
    return "/".join(parts[3 if parts[0] == "apis" else 2 :])


@contextmanager
def serving(api: StagedApi, folder: Path) -> Iterator[str]:
    """Serve the API; the path of a kubeconfig that leads to it."""
    with ApiServer(api) as server:
        try:
            yield server.kubeconfig(folder)
        finally:
            api.close()
