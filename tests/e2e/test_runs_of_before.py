"""A run whose marks and Lease an earlier version wrote is finished by this one, on the real cluster.

`tests/recordings/wire/begun_on_the_bed.json` holds what the version before their names were spelled out left on this
bed. The words are that version's; only what tells of one cluster (`<base>`, digests, the run) is filled in, from a run
of the same plan that is killed at its first pause. Its Lease names a machine that is gone, and lasts 2 s.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.arena import Arena
from tests.e2e.test_resume import SLOW_HOLD, killed, nothing_is_left, resumed

pytestmark = pytest.mark.cluster

KEPT: Final = Path(__file__).parents[1] / "recordings" / "wire" / "begun_on_the_bed.json"
OF_THIS_CLUSTER: Final = ("base", "before_digest", "after_digest", "strategy_digest", "plan_digest", "run")


def begun_by_the_version_before(arena: Arena) -> None:
    """The canary stands at its first pause, with the marks and the Lease as the version before wrote them."""
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=SLOW_HOLD)
    killed(arena.start("apply", plan, "-o", "json"), "step 1 of 4: pause")
    ours = json.loads(arena.marks()["cutover.dev/marks"])
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    marks = filled(kept["marks"], ours)
    assert set(json.loads(marks)) <= set(ours), "this version writes less than the one before"
    arena.patch({"metadata": {"annotations": {"cutover.dev/marks": marks}}})
    lease = kept["lease"]
    notes = lease["metadata"]["annotations"]
    notes["cutover.dev/holder"] = filled(notes["cutover.dev/holder"], ours)
    arena.kubectl("delete", "lease", "cutover-payments")
    arena.kubectl("create", "-f", "-", stdin=json.dumps(lease))


def filled(text: str, ours: Any) -> str:
    for name in OF_THIS_CLUSTER:
        text = text.replace(f"<{name}>", ours[name])
    return text


def test_what_the_version_before_began_is_resumed_to_its_promotion(arena: Arena) -> None:
    arena.deploy()
    begun_by_the_version_before(arena)
    outcome = resumed(arena)
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "promoted"
    assert outcome.report["unproven"] == []
    assert "if it is not heard of, it is gone in" in outcome.stderr
    assert nothing_is_left(arena)


def test_what_the_version_before_began_is_aborted_and_restored(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    begun_by_the_version_before(arena)
    aborted = arena.cutover("abort", "payments", "-n", arena.namespace, "-o", "json", "--reason", "not today")
    assert aborted.code == 10, aborted.told()
    assert aborted.report["unproven"] == []
    assert arena.template() == template
    assert nothing_is_left(arena)
