"""Odd Rollouts, answered by a server over HTTP, and `cutover diff` as a process: a diff, or a clear refusal."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.adapters.kube.server import ApiServer, Call, listing
from tests.cli.measured import assert_small, measured
from tests.fuzz.live import rollout

pytestmark = pytest.mark.uncovered

PLAN: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: a}
spec:
  target: {app: payments}
  changes:
    - env: {name: DATABASE_URL, value: other, container: app}
"""


def _nested(levels: int) -> Any:
    part: Any = "x"
    for _ in range(levels):
        part = {"a": [part]}
    return part


def _with(**spec: Any) -> dict[str, Any]:
    document = rollout()
    return {**document, "spec": {**document["spec"], **spec}}


def _pod(**fields: Any) -> dict[str, Any]:
    template = rollout()["spec"]["template"]
    return _with(template={**template, "spec": {**template["spec"], **fields}})


def _canary(*steps: Any, **fields: Any) -> dict[str, Any]:
    return _with(strategy={"canary": {"steps": list(steps), **fields}})


APP: Final = {"name": "app", "image": "x"}

ROLLOUTS: Final[dict[str, Any]] = {
    "no-status": {key: value for key, value in rollout().items() if key != "status"},
    "no-containers": _pod(containers=[]),
    "no-spec": {**rollout(), "spec": None},
    "no-object": [],
    "containers-without-names": _pod(containers=[{}, {"name": 7}]),
    "two-containers-of-one-name": _pod(containers=[APP, APP]),
    "entries-that-are-no-mappings": _pod(containers=[{**APP, "env": [7, None, "x", [], {"value": "y"}, {"name": {}}]}]),
    "enormous-numbers": _canary({"setWeight": 10**400}, {"pause": {"duration": "9" * 400 + "h"}}, maxSurge=10**400),
    "steps-of-nothing": _canary(7, None, {"setWeight": "20"}, {"pause": []}, {"setWeight": float("nan")}),
    "negative-replicas": _with(replicas=-(10**30), minReadySeconds=-1, progressDeadlineSeconds="x"),
    "ports-out-of-range": _pod(containers=[{**APP, "readinessProbe": {"httpGet": {"port": 10**30, "path": []}}}]),
    "half-of-a-surrogate-pair": _pod(containers=[{**APP, "env": [{"name": "DATABASE_URL", "value": "\ud800"}]}]),
    "not-a-number": _pod(containers=[{**APP, "env": [{"name": "DATABASE_URL", "value": float("inf")}]}]),
    "names-of-10000-characters": _pod(containers=[APP, {"name": "n" * 10_000, "env": [{"name": "v" * 10_000}]}]),
    "nested-deep": _pod(affinity=_nested(150)),
    "nested-too-deep-for-json": b'{"spec": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a-megabyte": rollout(3700, 230),
}

NO_ANSWER: Final = frozenset({"no-object", "nested-too-deep-for-json"})
"""What no API server says: it counts as one that cannot be reached."""

UNREACHABLE: Final = 7

LONG: Final = 5.0
"""Seconds on a crowded machine, Python's own start and the reading included; judging a megabyte takes less than two."""


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", ROLLOUTS)
def test_an_odd_rollout_ends_in_a_diff_or_a_clear_refusal(name: str, tmp_path: Path) -> None:
    plan, found = tmp_path / "plan.yaml", ROLLOUTS[name]
    plan.write_text(PLAN)
    body = found if isinstance(found, bytes) else json.dumps(found).encode()

    def answer(call: Call) -> None:
        ours = call.seen.path.endswith("/rollouts/payments")
        call.reply(200, body if ours else listing()) if call.seen.method == "GET" else call.refuse(403, "Forbidden")

    with ApiServer(answer) as server:
        ran = measured(tmp_path, "diff", str(plan), "--kubeconfig", server.kubeconfig(tmp_path))
    assert_small(ran, LONG if name == "a-megabyte" else 2.0)
    assert ran.code in ({UNREACHABLE} if name in NO_ANSWER else {0, 2, 3, 4}), ran
    assert ran.out if ran.code == 0 else "payments" in ran.err or f"{plan}:" in ran.err, ran
