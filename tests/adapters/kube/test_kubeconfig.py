"""Which kubeconfig and context are used: kubectl's rules, and messages that show nothing but names."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from kubernetes.config import incluster_config

from cutover.adapters.kube.session import connect
from cutover.core.base.errors import CutoverError, UnreachableError, UsageError
from tests.adapters.kube.server import kubeconfig

PLANTED = "planted-token-do-not-print"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No kubeconfig of the machine, no cluster around."""
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def _written(path: Path, document: Mapping[str, Any]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
    return str(path)


def _config(name: str, **changes: Any) -> dict[str, Any]:
    return kubeconfig(name, f"http://{name}.invalid", user={"token": PLANTED}) | changes


def test_the_file_in_the_home_directory_is_the_default(tmp_path: Path) -> None:
    _written(tmp_path / "home" / ".kube" / "config", _config("home"))
    assert connect().context == "home"


def test_the_environment_goes_before_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written(tmp_path / "home" / ".kube" / "config", _config("home"))
    monkeypatch.setenv("KUBECONFIG", _written(tmp_path / "env", _config("env")))
    assert connect().context == "env"


def test_the_flag_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", _written(tmp_path / "env", _config("env")))
    assert connect(_written(tmp_path / "flag", _config("flag"))).context == "flag"


def test_of_several_files_the_first_current_context_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = _written(tmp_path / "none", _config("none", **{"current-context": ""}))
    first, second = (_written(tmp_path / name, _config(name)) for name in ("first", "second"))
    monkeypatch.setenv("KUBECONFIG", f"{none}:{tmp_path / 'missing'}:{first}:{second}")
    assert connect().server == "http://first.invalid"
    assert connect(context="second").server == "http://second.invalid"


def test_an_unknown_context_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    path = _written(tmp_path / "one", _config("prod"))
    with pytest.raises(UsageError) as refused:
        connect(path, "staging")
    assert str(refused.value) == (
        f"{path}: the context 'staging' does not exist\n  → name one with --context; there are: prod"
    )


def test_without_a_current_context_one_has_to_be_named(tmp_path: Path) -> None:
    path = _written(tmp_path / "one", _config("prod", **{"current-context": ""}))
    with pytest.raises(UsageError, match="no current context is set"):
        connect(path)


def test_a_kubeconfig_that_is_named_has_to_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        connect(str(tmp_path / "missing"))


def test_without_any_kubeconfig_it_is_said_where_one_was_looked_for() -> None:
    with pytest.raises(UsageError, match=r"there is no kubeconfig \(looked for .*/home/\.kube/config\)"):
        connect()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"users: [\n - token: {PLANTED}", "not valid YAML"),
        (f"[{PLANTED}]", "not a kubeconfig"),
        (f"users: {PLANTED}", "not a kubeconfig"),
        ("", "not a kubeconfig"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "odd"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        connect(str(path))
    assert message in str(refused.value)
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"clusters": []}, "leads to no server"),
        ({"clusters": [{"name": "x", "cluster": {}}]}, "leads to no server"),
        ({"users": []}, "names the user 'x', which does not exist"),
        ({"users": [{"name": "x", "user": {"tokenFile": "/nowhere"}}]}, "credentials of context 'x' cannot be used"),
        ({"users": [{"name": "x", "user": {"exec": {"args": [PLANTED]}}}]}, "cannot be used"),
    ],
)
def test_a_context_that_leads_nowhere_is_unreachable(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = _written(tmp_path / "x", _config("x", **change))
    with pytest.raises(UnreachableError, match=message) as unreachable:
        connect(path)
    assert PLANTED not in str(unreachable.value)


def test_no_error_quotes_an_entry_of_the_kubeconfig(tmp_path: Path) -> None:
    """The client's own messages name a node by all of its content, tokens included."""
    user = {"token": PLANTED, "client-certificate-data": "%%%"}
    document = kubeconfig("x", "https://x.invalid", {"certificate-authority-data": PLANTED}, user)
    with pytest.raises(CutoverError) as failed:
        connect(_written(tmp_path / "x", document))
    assert PLANTED not in str(failed.value)
    assert "%%%" not in str(failed.value)


def test_inside_a_cluster_no_kubeconfig_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _service_account(tmp_path, monkeypatch)
    session = connect()
    assert (session.context, session.server, session.namespace) == ("", "https://10.0.0.1:443", "shop")


def test_inside_a_cluster_a_context_is_still_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _service_account(tmp_path, monkeypatch)
    with pytest.raises(UsageError, match="context 'prod' was asked for, but there is no kubeconfig"):
        connect(context="prod")


def _service_account(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the kubelet mounts into a pod; their place is fixed, so the constants are turned elsewhere."""
    for name, content in (("token", "t"), ("namespace", "shop\n"), ("ca.crt", _SOME_CA.read_text())):
        (folder / name).write_text(content)
    monkeypatch.setattr("cutover.adapters.kube.kubeconfig.SERVICE_ACCOUNT", folder)
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(folder / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(folder / "ca.crt"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")


_SOME_CA = next(Path("/etc/ssl/certs").glob("*.pem"))
