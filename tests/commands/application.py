"""The usual application and a plan for it, in process: what the API server shows, and what becomes of each write."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

from cutover.commands.apply import ApplyOptions, apply
from cutover.commands.connect import AppFlags, ClusterFlags
from cutover.core.base.resources import Resource
from cutover.core.review.report import Report
from cutover.core.writes.lease import VERDICT
from cutover.render.report_json import report_json
from tests.adapters.kube.server import Call, Reply
from tests.commands.api import REVIEWS, StagedApi
from tests.core.checks.documents import changed
from tests.core.engine.play import Play, See, patched
from tests.core.engine.stage import AFTER, WATCH, ClusterStage, plan
from tests.e2e.running import Running
from tests.runtime.leases import BOB, lease

PLAN: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: payments-to-b}
spec:
  target: {app: payments}
  promotion: auto
  watch: {readyWithin: 30s, adoptWithin: 60s, hold: 0s, bake: 0s}
  changes:
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-b, key: url}
"""


LEASE: Final = "leases/cutover-payments"
ROLLOUT: Final = "PATCH rollouts/payments"
STATUS: Final = "PATCH rollouts/payments/status"
WARNED: Final = ["C043", "C056"]
"""What the checks say of the usual application: warnings, no refusal."""

TO_THE_PAUSE: Final[tuple[See, ...]] = (
    ClusterStage.adopted,
    ClusterStage.canary,
    ClusterStage.canary_ready,
    lambda stage: stage.paused_at(1),
)
"""What follows the write of a good plan, up to the pause of its canary."""

PROMOTED: Final[tuple[See, ...]] = (lambda stage: stage.at_step(2), ClusterStage.promoted)
"""What follows once it may pass the pause."""

Then = Callable[[], Iterable[See]]


def renewed_by_bob() -> Reply:
    """A Lease of somebody on another machine, who renews it."""
    seconds = iter(range(60))

    def reply(call: Call) -> None:
        document = lease(BOB)
        document["spec"]["renewTime"] = f"2026-11-23T06:30:{next(seconds):02d}.000000Z"
        call.reply(200, document)

    return reply


class UsualApplication:
    """A plan in a folder, and an API server that shows the usual application."""

    def __init__(self, folder: Path, api: StagedApi, kubeconfig: str) -> None:
        self.api = api
        self.folder = folder
        self.plan = folder / "plan.yaml"
        self.plan.write_text(PLAN)
        self.kubeconfig = kubeconfig
        api.after = changed(api.stage.rollout, {"spec.template": AFTER})

    @property
    def dry_runs(self) -> list[str]:
        """The dry runs that were sent."""
        seen = (each for each in self.api.seen if "dryRun" in each.query)
        return [f"{each.method} {each.path.rpartition('/')[2]}" for each in seen]

    @property
    def reviews(self) -> int:
        """How many rights were asked for."""
        return sum(each.path == REVIEWS for each in self.api.seen)

    @property
    def marks(self) -> list[str]:
        """What stands of the run on the Rollout."""
        return [name for name in self.api.stage.rollout["metadata"]["annotations"] if name.startswith("cutover.dev/")]

    @property
    def laid_down(self) -> str:
        """The code of the verdict on the Lease, which nobody holds any more."""
        (left,) = self.api.others[Resource.LEASE]
        assert left["spec"]["holderIdentity"] == ""
        code: str = json.loads(left["metadata"]["annotations"][VERDICT])["code"]
        return code

    def only_first(self, write: str) -> None:
        """Answer only the first of these writes as before; a webhook refuses those that follow."""
        answered, calls = self.api.on[write], count()
        self.api.on[write] = lambda call: call.refuse(403, "Forbidden", "a webhook") if next(calls) else answered(call)

    def kept(self, report: Report) -> str:
        """All that is left of the run: its report, its journal, and every request."""
        texts = [file.read_text() for file in self.folder.rglob("*.jsonl")]
        assert texts
        return "".join((repr(report), report_json(report), *texts, repr(self.api.bodies)))

    def locks(self, then: Callable[[], None] = lambda: None) -> None:
        """Let the Lease be made, patched and deleted as it is asked for; `then` happens once it is made.

        A deletion that is not guarded by the Lease's uid and its newest version is a defect.
        """

        def make(call: Call) -> None:
            body = json.loads(call.seen.body)
            body["metadata"] |= {"namespace": "payments", "uid": "uid-lease", "resourceVersion": "5"}
            self.api.others[Resource.LEASE] = (body,)
            then()
            call.reply(201, body)

        def patch(call: Call) -> None:
            (before,) = self.api.others[Resource.LEASE]
            left = patched(before, json.loads(call.seen.body))
            left["metadata"]["resourceVersion"] = str(int(before["metadata"]["resourceVersion"]) + 1)
            self.api.others[Resource.LEASE] = (left,)
            call.reply(200, left)

        def delete(call: Call) -> None:
            (stored,) = self.api.others[Resource.LEASE]
            guarded = json.loads(call.seen.body).get("preconditions")
            assert guarded == {name: stored["metadata"][name] for name in ("uid", "resourceVersion")}, guarded
            self.api.others[Resource.LEASE] = ()
            call.reply(200, {"kind": "Status", "status": "Success"})

        self.api.on["POST leases"] = make
        self.api.on[f"PATCH {LEASE}"] = patch
        self.api.on[f"DELETE {LEASE}"] = delete

    def would_store(self, call: Call) -> None:
        """Answer a dry run with what the write makes: the Rollout as it is patched, or the object."""
        body = json.loads(call.seen.body)
        call.reply(200, body if call.seen.method == "POST" else patched(self.api.stage.rollout, body))

    def rollout_writes(self, *then: Then) -> None:
        """Store each patch of the Rollout; then the cluster is seen as these stages, one after the other."""
        self.api.on[ROLLOUT] = self._storing(then)

    def status_writes(self, *then: Then) -> None:
        """The same for patches of its status."""
        self.api.on[STATUS] = self._storing(then)

    def left_by_bob(self, stage: ClusterStage, **annotations: str) -> None:
        """The process of the run is gone: its marks stand, and its Lease has been laid down."""
        self.api.shows(stage)
        self.locks()
        document = lease(replace(BOB, run="run-1"), **annotations)
        document["spec"]["holderIdentity"] = ""
        self.api.others[Resource.LEASE] = (document,)

    def becomes(self, *changes: See) -> None:
        """From here on the cluster is seen as these changes make it, one after the other."""
        for change in changes:
            self.api.shows(change(self.api.stage))

    def _storing(self, then: Iterable[Then]) -> Reply:
        left = iter(then)

        def store(call: Call) -> None:
            stages = next(left)
            self.api.stores(call)
            self.becomes(*stages())

        return store

    @property
    def app(self) -> AppFlags:
        """The application as the command line names it."""
        return AppFlags("payments", kubeconfig=self.kubeconfig)

    def promotes(self) -> None:
        """Answer a good run: the canary becomes Ready, comes to its pause, passes it, and is promoted."""
        self.locks()
        self.rollout_writes(lambda: TO_THE_PAUSE, lambda: ())
        self.status_writes(lambda: PROMOTED)

    def start(self, *arguments: str | Path) -> Running:
        """Start `cutover` as a process of its own, which can be sent a signal."""
        command = [sys.executable, "-m", "cutover", *map(str, arguments), "--kubeconfig", self.kubeconfig]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
        return Running(process, time.monotonic(), [])

    def apply(self, **options: Any) -> Report:
        """Apply the plan with these options of the command line."""
        return apply(ApplyOptions(str(self.plan), ClusterFlags(kubeconfig=self.kubeconfig), **options))


def owned(digest: str = "0" * 64) -> Play:
    """A run of bob on another machine, which leaves marks; they name this plan."""
    return Play(owner=BOB.name, intent=replace(plan(watch=replace(WATCH, hold=0.0, bake=0.0)), digest=digest))
