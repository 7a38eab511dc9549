"""`cutover gc` on the wire: the order of its requests, which protects a run under way, and answers that go wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cutover.commands.connect import AppFlags
from cutover.commands.gc import collect
from cutover.core.base.errors import RefusedError, UnreachableError
from cutover.core.objects.workload import WORKLOADS
from cutover.core.patch.config_copies import COPY_OF
from cutover.core.review.copy_gc import Collection
from tests.adapters.kube.server import ApiServer, Call, Reply, SeenRequest

COPIES = ("a", "b", "c")


def item(name: str) -> dict[str, Any]:
    meta = {"name": name, "uid": f"u-{name}", "resourceVersion": "7", "labels": {COPY_OF: "config"}}
    return {"kind": "ConfigMap", "metadata": meta, "immutable": True, "data": {"url": "x"}}


def shop(call: Call) -> None:
    """Three copies, and nothing else."""
    resource, _, name = call.seen.path.partition("/shop/")[2].partition("/")
    if call.seen.method == "POST":
        call.reply(201, {"status": {"allowed": True}})
    elif call.seen.method == "DELETE":
        call.reply(200, {"kind": "Status", "status": "Success"})
    elif name:
        call.reply(200, item(name))
    else:
        items = [item(name) for name in COPIES] if resource == "configmaps" else []
        call.reply(200, {"kind": "List", "items": items})


@pytest.fixture
def collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Collection, list[SeenRequest]]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(answer: Reply, *, dry_run: bool = False) -> tuple[Collection, list[SeenRequest]]:
        with ApiServer(answer) as server:
            app = AppFlags("shop", kubeconfig=server.kubeconfig(tmp_path))
            return collect(app, dry_run=dry_run), server.seen

    return run


Collected = Callable[..., tuple[Collection, list[SeenRequest]]]


def fates(collection: Collection) -> list[str]:
    return [line.fate.value for line in collection.lines]


def lists(seen: list[SeenRequest]) -> list[str]:
    """What was read, by the last word of the path."""
    return [each.path.rpartition("/")[2] for each in seen if each.method == "GET"]


def removals(seen: list[SeenRequest]) -> list[SeenRequest]:
    return [each for each in seen if each.method == "DELETE"]


def failing(name: str, fail: Reply, *, method: str = "DELETE") -> Reply:
    """Where one request of the method goes wrong."""

    def answer(call: Call) -> None:
        wrong = (call.seen.method, call.seen.path.rpartition("/")[2]) == (method, name)
        (fail if wrong else shop)(call)

    return answer


def test_copies_are_read_first_then_leases_then_owners_before_what_they_make(collected: Collected) -> None:
    _, seen = collected(shop, dry_run=True)
    assert lists(seen) == ["configmaps", "secrets", "leases", *WORKLOADS]
    assert not any("resourceVersion" in each.query for each in seen), "from the quorum, not from a cache"


def test_the_leases_are_read_once_more_before_each_removal(collected: Collected) -> None:
    done, seen = collected(shop)
    assert fates(done) == ["removed"] * 3
    assert [(each.method, each.path.rpartition("/")[2]) for each in seen[-6:]] == [
        (method, path) for name in COPIES for method, path in (("GET", "leases"), ("DELETE", name))
    ]


def test_a_removal_is_guarded_by_what_was_seen(collected: Collected) -> None:
    _, seen = collected(shop)
    bodies = [json.loads(each.body)["preconditions"] for each in removals(seen)]
    assert bodies == [{"uid": f"u-{name}", "resourceVersion": "7"} for name in COPIES]


def test_a_dry_run_removes_nothing_and_keeps_no_journal(collected: Collected, tmp_path: Path) -> None:
    planned, seen = collected(shop, dry_run=True)
    assert (fates(planned), removals(seen)) == (["removable"] * 3, [])
    assert list(tmp_path.glob("state/**/*.jsonl")) == []


@pytest.mark.parametrize(("status", "reason", "fate"), [(404, "NotFound", "gone"), (409, "Conflict", "kept")])
def test_what_somebody_else_touched_is_told_and_no_failure(
    collected: Collected, status: int, reason: str, fate: str
) -> None:
    done, seen = collected(failing("b", lambda call: call.refuse(status, reason)))
    assert (fates(done), done.exit_code) == (["removed", fate, "removed"], 0)
    assert len(removals(seen)) == 3


def test_what_a_policy_forbids_is_refused_and_the_others_go(collected: Collected) -> None:
    done, seen = collected(failing("b", lambda call: call.refuse(403, "Forbidden", "by policy")))
    assert (fates(done), done.exit_code) == (["removed", "refused", "removed"], 3)
    assert len(removals(seen)) == 3


def test_after_an_answer_that_was_lost_nothing_more_is_tried_and_nothing_is_repeated(collected: Collected) -> None:
    done, seen = collected(failing("b", lambda call: call.cut()))
    assert (fates(done), done.exit_code) == (["removed", "unclear", "left"], 14)
    assert [each.path.rpartition("/")[2] for each in removals(seen)] == ["a", "b"]


def test_where_the_leases_can_no_longer_be_read_nothing_more_is_tried(collected: Collected) -> None:
    heard = [0]

    def once(call: Call) -> None:
        heard[0] += 1
        (shop if heard[0] <= 2 else Call.cut)(call)

    done, seen = collected(failing("leases", once, method="GET"))
    assert (fates(done), done.exit_code) == (["removed", "left", "left"], 14)
    assert len(removals(seen)) == 1


@pytest.mark.parametrize("resource", ["configmaps", "secrets", "leases", *WORKLOADS])
def test_what_cannot_be_read_ends_it_before_anything_is_removed(collected: Collected, resource: str) -> None:
    with pytest.raises(RefusedError, match=f"the right to list {resource} in namespace shop is missing"):
        collected(failing(resource, lambda call: call.refuse(403, "Forbidden"), method="GET"))
    with pytest.raises(UnreachableError, match=f"{resource} could not be read"):
        collected(failing(resource, lambda call: call.cut(), method="GET"))


def test_all_rights_that_are_missing_are_named_at_once(collected: Collected) -> None:
    def answer(call: Call) -> None:
        if call.seen.path.endswith(("/jobs", "/pods")):
            call.refuse(403, "Forbidden")
        else:
            shop(call)

    with pytest.raises(RefusedError) as refused:
        collected(answer)
    assert len(refused.value.problems) == 2


def test_without_a_journal_nothing_is_removed(collected: Collected, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    seen: list[Call] = []

    def answer(call: Call) -> None:
        seen.append(call)
        shop(call)

    with pytest.raises(RefusedError, match="the journal cannot be written"):
        collected(answer)
    assert [call for call in seen if call.seen.method == "DELETE"] == []
