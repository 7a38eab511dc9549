"""Reads on the wire: what is there, what is not, what may not be read, and that a Secret's values stay sealed."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.kube import read
from cutover.adapters.kube.access_review import allowed
from cutover.adapters.kube.api_errors import ApiUnavailable, Forbidden
from cutover.adapters.kube.session import Session, connect
from cutover.core.base.resources import Resource
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.checks.required_rights import Right
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import NotFound, ReadFailed
from tests.adapters.kube.server import ApiServer, Call, Reply, listing, rollout_document
from tests.quotations import unmasked

TARGET = Target("payments", "payments")
PLANTED = "postgres://app:planted-pass@db/b"


def _read(folder: Path, answer: Reply, reading: Callable[[Session], Any]) -> Any:
    with ApiServer(answer) as server:
        return reading(connect(server.kubeconfig(folder)))


def _rollout(folder: Path, answer: Reply) -> Any:
    return _read(folder, answer, lambda session: read.rollout(session, TARGET))


def test_a_rollout_is_read_from_the_quorum(tmp_path: Path) -> None:
    with ApiServer(lambda call: call.reply(200, rollout_document())) as server:
        found = read.rollout(connect(server.kubeconfig(tmp_path)), TARGET)
    assert not isinstance(found, NotFound | ReadFailed)
    assert found.meta.uid == "uid-payments"
    assert "resourceVersion" not in server.seen[0].query


def test_what_does_not_exist_is_missing(tmp_path: Path) -> None:
    assert _rollout(tmp_path, lambda call: call.refuse(404, "NotFound")) == NotFound("rollout/payments")


def test_a_path_that_does_not_exist_is_a_crd_that_is_not_installed(tmp_path: Path) -> None:
    found = _rollout(tmp_path, lambda call: call.reply(404, b"404 page not found\n"))
    assert found == ReadFailed("rollout/payments", "the API server does not know rollouts: its CRD is not installed")


def test_a_missing_right_is_named(tmp_path: Path) -> None:
    found = _rollout(tmp_path, lambda call: call.refuse(403, "Forbidden"))
    assert found == Forbidden("rollout/payments", "the right to get rollouts payments in namespace payments is missing")


def test_refused_credentials_say_nothing_about_the_object(tmp_path: Path) -> None:
    found = _rollout(tmp_path, lambda call: call.refuse(401, "Unauthorized"))
    assert found == ApiUnavailable("rollout/payments", "the API server refused the credentials (401)")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_says_nothing_about_the_object(tmp_path: Path, status: int) -> None:
    found = _rollout(tmp_path, lambda call: call.refuse(status, "Some", "too much"))
    assert isinstance(found, ApiUnavailable)
    assert unmasked(found.reason) == f"the API server answered {status}: too much"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b""])
def test_an_answer_that_is_no_object_is_not_believed(tmp_path: Path, body: bytes) -> None:
    assert isinstance(_rollout(tmp_path, lambda call: call.reply(200, body)), ApiUnavailable)


def test_no_connection_is_a_value(tmp_path: Path) -> None:
    assert isinstance(_rollout(tmp_path, Call.cut), ApiUnavailable)


def test_a_list_becomes_views(tmp_path: Path) -> None:
    items = listing({"metadata": {"name": "a"}}, {"metadata": {"name": "b"}})
    pods = _read(tmp_path, lambda call: call.reply(200, items), lambda session: read.pods(session, "payments"))
    assert [pod.meta.name for pod in pods] == ["a", "b"]


def test_a_list_that_may_not_be_read_names_the_right(tmp_path: Path) -> None:
    found = _read(
        tmp_path, lambda call: call.refuse(403, "Forbidden"), lambda session: read.services(session, "payments")
    )
    assert found == Forbidden("services", "the right to list services in namespace payments is missing")


def _secret(**data: bytes) -> dict[str, Any]:
    copy = {"kubectl.kubernetes.io/last-applied-configuration": f'{{"stringData":{{"url":"{PLANTED}"}}}}'}
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    return {"kind": "Secret", "metadata": {"name": "db", "annotations": copy}, "data": encoded, "immutable": True}


def _config(folder: Path, kind: str, document: dict[str, Any]) -> ConfigRead:
    found = _read(
        folder, lambda call: call.reply(200, document), lambda session: read.config(session, "payments", kind, "db")
    )
    assert isinstance(found, ConfigRead)
    return found


def test_a_secret_is_its_keys_and_sealed_values(tmp_path: Path) -> None:
    found = _config(tmp_path, "Secret", _secret(url=PLANTED.encode()))
    assert (found.kind, found.keys, found.immutable) == ("Secret", frozenset({"url"}), True)
    assert found.values == {"url": SecretText(PLANTED)}


def test_no_value_of_a_secret_shows_not_even_in_an_annotation(tmp_path: Path) -> None:
    found = _config(tmp_path, "Secret", _secret(url=PLANTED.encode()))
    assert "planted" not in repr(found)


def test_bytes_that_are_no_text_are_told_apart(tmp_path: Path) -> None:
    values = _config(tmp_path, "Secret", _secret(a=b"\xff\x00", b=b"\xfe\x00")).values
    assert values["a"] != values["b"]


def test_a_config_map_has_plain_and_binary_values(tmp_path: Path) -> None:
    document = {"metadata": {"name": "db"}, "data": {"a": "1"}, "binaryData": {"b": base64.b64encode(b"2").decode()}}
    found = _config(tmp_path, "ConfigMap", document)
    assert found.values == {"a": SecretText("1"), "b": SecretText("2")}


def test_a_right_to_a_secret_is_named_with_the_secret(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        lambda call: call.refuse(403, "Forbidden"),
        lambda session: read.config(session, "x", "Secret", "payments-db-b"),
    )
    assert found == Forbidden(
        "secret/payments-db-b", "the right to get secrets payments-db-b in namespace x is missing"
    )


@pytest.mark.parametrize("name", ["../configmaps/x?y", "..", ".", "%2e%2e", "a/b"])
def test_a_name_that_no_object_can_have_is_not_asked_for(tmp_path: Path, name: str) -> None:
    with ApiServer(lambda call: call.reply(200, {})) as server:
        found = read.config(connect(server.kubeconfig(tmp_path)), "payments", "Secret", name)
    assert (isinstance(found, NotFound), server.seen) == (True, [])


def test_a_question_for_rights_that_is_not_answered_is_no_yes(tmp_path: Path) -> None:
    right = Right("list", Resource.POD, "", "", "a test")
    for way in (Call.cut, lambda call: call.refuse(403, "Forbidden")):
        assert isinstance(_read(tmp_path, way, lambda session: allowed(session, "payments", right)), ApiUnavailable)
    assert (
        _read(tmp_path, lambda call: call.reply(201, {}), lambda session: allowed(session, "payments", right)) is False
    )
