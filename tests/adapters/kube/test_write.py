"""The request of a write on the wire, and what is concluded from each kind of answer."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.write import send
from cutover.adapters.kube.write_errors import failed_guard
from cutover.core.base.target import Target
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write, WriteName
from tests.adapters.kube.server import ApiServer, Call, Reply, rollout_document
from tests.quotations import unmasked

TARGET = Target("payments", "payments")
PLANTED = "postgres://app:planted-pass@db/b"
EDIT = {"op": "replace", "path": "/spec/template/spec/containers/0/env/0/value", "value": PLANTED}


def _write(*operations: Mapping[str, Any], **changes: Any) -> Write:
    usual: dict[str, Any] = {
        "name": WriteName.CUTOVER,
        "title": "write 1 edit",
        "target": TARGET,
        "operations": operations or (EDIT,),
        "proof": _never,
    }
    return Write(**(usual | changes))


def _never(_: RolloutView) -> bool:
    return False


def _always(_: RolloutView) -> bool:
    return True


def _answering(to_patch: Reply, stored: Reply | None = None) -> Reply:
    """A server that treats the patch as told and shows the Rollout to whoever reads."""

    def answer(call: Call) -> None:
        if call.seen.method == "PATCH":
            to_patch(call)
        else:
            (stored or (lambda reading: reading.reply(200, rollout_document())))(call)

    return answer


def _sent(folder: Path, answer: Reply, write: Write) -> tuple[Answer, ApiServer]:
    with ApiServer(answer) as server:
        return send(connect(server.kubeconfig(folder)), write), server


def test_a_write_is_one_json_patch_under_our_name(tmp_path: Path) -> None:
    answer, server = _sent(tmp_path, lambda call: call.reply(200, rollout_document()), _write())
    assert isinstance(answer, Accepted)
    assert not answer.lost
    assert isinstance(answer.stored, RolloutView)
    assert answer.stored.meta.uid == "uid-payments"
    (seen,) = server.seen
    assert seen.method == "PATCH"
    assert seen.path == "/apis/argoproj.io/v1alpha1/namespaces/payments/rollouts/payments"
    assert seen.query == {"fieldManager": "cutover", "timeout": "8s"}
    assert seen.headers["content-type"] == "application/json-patch+json"
    assert json.loads(seen.body) == [EDIT]


def test_a_dry_run_says_so_and_a_subresource_is_in_the_path(tmp_path: Path) -> None:
    write = _write(subresource="status", dry_run=True)
    _, server = _sent(tmp_path, lambda call: call.reply(200, rollout_document()), write)
    assert server.seen[0].path.endswith("/rollouts/payments/status")
    assert server.seen[0].query == {"fieldManager": "cutover", "timeout": "8s", "dryRun": "All"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 415, 422, 429])
@pytest.mark.parametrize("body", ["status", "text"])
def test_a_clear_no_is_a_refusal_and_is_not_sent_again(tmp_path: Path, status: int, body: str) -> None:
    def no(call: Call) -> None:
        call.refuse(status, "SomeReason", "some words") if body == "status" else call.reply(status, b"go away")

    answer, server = _sent(tmp_path, _answering(no), _write(proof=_always))
    assert isinstance(answer, Refused)
    assert answer.status == status
    assert isinstance(answer.stored, RolloutView)
    assert [seen.method for seen in server.seen] == ["PATCH", "GET"]


def _cut_in_the_middle(call: Call) -> None:
    call.begin()
    call.chunk(b'{"kind":"Rollout"')
    call.cut()


LOST: dict[str, Reply] = {
    "cut": Call.cut,
    "cut in the answer": _cut_in_the_middle,
    "500 of a proxy": lambda call: call.reply(500, b"<html>"),
    "502": lambda call: call.reply(502, b"bad gateway"),
    "504": lambda call: call.refuse(504, "Timeout", "request did not complete"),
    "storage": lambda call: call.refuse(500, "InternalError", "etcdserver: request timed out"),
    "408": lambda call: call.reply(408),
    "redirect": lambda call: call.reply(302, b"", {"Location": "/login"}),
    "no Rollout": lambda call: call.reply(200, b"welcome to the hotel"),
}


@pytest.mark.parametrize("way", LOST)
def test_a_lost_answer_is_settled_by_the_proof(tmp_path: Path, way: str) -> None:
    answer, server = _sent(tmp_path, _answering(LOST[way]), _write(proof=_always))
    assert isinstance(answer, Accepted)
    assert answer.lost
    assert [seen.method for seen in server.seen] == ["PATCH", "GET"]


@pytest.mark.parametrize("way", LOST)
def test_a_lost_answer_without_proof_is_unclear_and_nothing_is_sent_again(tmp_path: Path, way: str) -> None:
    answer, server = _sent(tmp_path, _answering(LOST[way]), _write())
    assert isinstance(answer, Unclear)
    assert isinstance(answer.stored, RolloutView)
    assert [seen.method for seen in server.seen] == ["PATCH", "GET"]


def test_an_answer_that_does_not_come_is_lost(tmp_path: Path) -> None:
    answer, _ = _sent(tmp_path, _answering(lambda _: time.sleep(1)), _write(within=0.2))
    assert isinstance(answer, Unclear)
    assert answer.reason == "its answer was lost: no answer in time"


def test_a_lost_dry_run_proves_nothing(tmp_path: Path) -> None:
    answer, _ = _sent(tmp_path, _answering(Call.cut), _write(proof=_always, dry_run=True))
    assert isinstance(answer, Unclear)


def test_when_the_read_afterwards_fails_too_it_is_unclear(tmp_path: Path) -> None:
    answer, _ = _sent(tmp_path, Call.cut, _write(proof=_always))
    assert isinstance(answer, Unclear)
    assert isinstance(answer.stored, ReadFailed)


def test_a_request_that_was_never_sent_says_so(tmp_path: Path) -> None:
    with ApiServer(Call.cut) as server:
        session = connect(server.kubeconfig(tmp_path))
    answer = send(session, _write())
    assert isinstance(answer, Unclear)
    assert answer.reason == "it was not sent: no connection: Connection refused"


def test_a_server_error_of_the_api_server_itself_is_a_refusal(tmp_path: Path) -> None:
    no = _answering(lambda call: call.refuse(500, "InternalError", "failed calling webhook: connection refused"))
    answer, _ = _sent(tmp_path, no, _write(proof=_always))
    assert isinstance(answer, Refused)


def test_a_rollout_that_is_gone_is_missing(tmp_path: Path) -> None:
    answer, _ = _sent(tmp_path, lambda call: call.refuse(404, "NotFound", "not found"), _write())
    assert isinstance(answer, Refused)
    assert answer.stored == NotFound("rollout/payments")


def test_the_guard_that_failed_is_named(tmp_path: Path) -> None:
    uid = {"op": "test", "path": "/metadata/uid", "value": "uid-payments"}
    stable = {"op": "test", "path": "/status/stableRS", "value": "another"}
    answer, _ = _sent(tmp_path, _answering(lambda call: call.refuse(422, "Invalid")), _write(uid, stable, EDIT))
    assert isinstance(answer, Refused)
    assert answer.reason == "the guard /status/stableRS does not hold"


def test_a_guard_is_not_blamed_for_another_refusal(tmp_path: Path) -> None:
    stale = {"op": "test", "path": "/status/stableRS", "value": "another"}
    answer, _ = _sent(tmp_path, _answering(lambda call: call.refuse(403, "Forbidden", "no right")), _write(stale))
    assert isinstance(answer, Refused)
    assert unmasked(answer.reason) == "Forbidden: no right"


@pytest.mark.parametrize(
    ("guard", "failed"),
    [
        ({"path": "/metadata/uid", "value": "uid-payments"}, ""),
        ({"path": "/metadata/uid", "value": "other"}, "/metadata/uid"),
        ({"path": "/status/pauseConditions", "value": []}, "/status/pauseConditions"),
        ({"path": "/status/pauseConditions", "value": None}, ""),
        ({"path": "/status/pauseConditions/0/reason", "value": "x"}, "/status/pauseConditions/0/reason"),
        ({"path": "/spec/strategy", "value": {"canary": {}}}, ""),
    ],
)
def test_guards_are_judged_as_the_api_server_does(guard: Mapping[str, Any], failed: str) -> None:
    assert failed_guard(({"op": "test", **guard}, EDIT), rollout_document()) == failed


LEAKS: dict[str, Reply] = {
    "validation": lambda call: call.refuse(
        422,
        "Invalid",
        f'spec.template: Invalid value: "{PLANTED}": too long',
        [
            {"field": "spec.template.spec", "message": f"Invalid value: {PLANTED}"},
            {"field": "<nil>", "message": PLANTED},
        ],
    ),
    "webhook": lambda call: call.refuse(403, "Forbidden", f"admission webhook denied: DSN={PLANTED} is not allowed"),
    "long webhook": lambda call: call.refuse(400, "BadRequest", f"{'x' * 240}: {PLANTED}"),
    "json webhook": lambda call: call.refuse(403, "Forbidden", json.dumps({"env": [{"value": PLANTED}]})),
    "proxy": lambda call: call.reply(403, f"blocked: {PLANTED}".encode()),
    "old value": lambda call: call.refuse(403, "Forbidden", "was old-literal-value"),
    "server error": lambda call: call.refuse(500, "InternalError", f"webhook said {PLANTED}"),
    "undecided": lambda call: call.refuse(504, "Timeout", f"timeout while storing {PLANTED}"),
}


@pytest.mark.parametrize("way", LEAKS)
def test_no_refusal_shows_a_value_of_the_template(tmp_path: Path, way: str) -> None:
    guard = {"op": "test", "path": "/spec/template", "value": rollout_document()["spec"]["template"]}
    answer, _ = _sent(tmp_path, _answering(LEAKS[way]), _write(guard, EDIT))
    assert isinstance(answer, Refused | Unclear)
    told = f"{answer!r} {unmasked(answer.reason)}"
    assert not [part for part in (PLANTED, "planted", "postgres://app", "old-literal-value") if part in told]


def test_a_validation_error_names_the_paths(tmp_path: Path) -> None:
    answer, _ = _sent(tmp_path, _answering(LEAKS["validation"]), _write())
    assert isinstance(answer, Refused)
    assert answer.reason == "Invalid: spec.template.spec"
