"""What a run sends to the API server for itself (Lease, marks, Events, copies), to the letter.

`tests/recordings/wire/writes.json` was written by the version before these names were spelled out.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.objects.lease import lease_view
from cutover.core.objects.rollout import rollout_view
from cutover.core.patch.edit import ConfigCopy
from cutover.core.writes.copy import copy_write
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.deadman import disarm_write
from cutover.core.writes.event import event_write
from cutover.core.writes.lease import (
    lay_down_write,
    release_write,
    renew_write,
    seize_write,
    take_over_write,
    take_write,
    verdict_write,
)
from cutover.core.writes.lock_holder import Holder, holder_text
from cutover.core.writes.mark_no_return import no_return_write
from cutover.core.writes.run_annotations import PASSED, annotations_of
from cutover.core.writes.stored_verdict import verdict_text
from cutover.core.writes.take_over import claim_write
from cutover.core.writes.unmark import unmark_write
from cutover.core.writes.write import Write
from tests.core.checks.documents import changed
from tests.core.engine.stage import edits_of, opening, plan
from tests.core.writes.test_lock_holder import BOB as THEM
from tests.core.writes.test_run_annotations import WHOLE

KEPT: Final = json.loads((Path(__file__).parents[1] / "recordings/wire/writes.json").read_text(encoding="utf-8"))
US: Final = Holder("run-1", "alice", "host", "s2", "m", 1, 2)
UTC: Final = 1_795_000_000.25
SHOP: Final = Target("payments", "shop")

LEASE: Final[dict[str, Any]] = {
    "metadata": {
        "name": "cutover-payments",
        "uid": "uid-lease",
        "resourceVersion": "41",
        "annotations": {
            "cutover.dev/holder": holder_text(replace(THEM, run="run-0")),
            "cutover.dev/verdict": "{}",
            "cutover.dev/because": "it was late",
        },
    },
    "spec": {"holderIdentity": THEM.name, "leaseDurationSeconds": 30, "leaseTransitions": 2},
}

CONTENTS: Final = {"pool": SecretText("MjA="), "blob": SecretText("/w==")}
COPY: Final = ConfigCopy("ConfigMap", "settings-1f", "settings", "settings", (), CONTENTS, frozenset({"blob"}))
SECRET: Final = replace(COPY, kind="Secret", binary=frozenset(), type="Opaque")


def writes() -> dict[str, Write]:
    lease, opened = lease_view(LEASE), opening().rollout
    verdict = verdict_text(Reaction.FAIL, Cause(Attribution.CONFIG, "deadline", "said"), promoted=True)
    marked = {**annotations_of(WHOLE, US.name), PASSED: "promotion"}
    rollout = rollout_view(changed(opened, {"metadata.annotations": marked}))
    armed = rollout_view(changed(opened, {"spec.progressDeadlineSeconds": 300, "spec.progressDeadlineAbort": True}))
    return {
        "take": take_write(SHOP, US, UTC),
        "take over": take_over_write(SHOP, lease, US, UTC),
        "seize": seize_write(SHOP, lease, US, UTC, verdict=verdict, words="not today"),
        "renew": renew_write(SHOP, US, UTC),
        "verdict": verdict_write(SHOP, US.name, verdict, "it was late"),
        "lay down": lay_down_write(SHOP, US),
        "release": release_write(SHOP, lease),
        "event": event_write(SHOP, "uid-1", "CutoverAborted", "not today: held", UTC),
        "config copy": copy_write(SHOP, COPY, "payments-to-b", "run-1"),
        "secret copy": copy_write(SHOP, SECRET, "payments-to-b", "run-1"),
        "cutover": cutover_write(
            SHOP, rollout_view(opened), edits_of(plan()), annotations_of(WHOLE, US.name), WHOLE.armed
        ),
        "claim": claim_write(SHOP, rollout, "carol@desk/s3"),
        "pass": no_return_write(SHOP, "uid-1", "promotion"),
        "unmark": unmark_write(SHOP, rollout),
        "disarm": disarm_write(SHOP, armed, WHOLE.armed),
    }


def text(write: Write) -> str:
    """What is sent of a write, and the words that are redacted first."""
    return json.dumps({"operations": list(write.operations), "body": dict(write.body), "words": list(write.words)})


@pytest.mark.parametrize("name", KEPT)
def test_what_is_sent_reads_as_ever(name: str) -> None:
    assert text(writes()[name]) == json.dumps(KEPT[name])


def test_each_of_these_writes_is_kept() -> None:
    assert set(writes()) == set(KEPT)
