"""Credentials on the wire: plugins, files that are replaced, TLS, and what a 401 leads to."""

import base64
import json
import ssl
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.kube.http_messages import ConnectionLost, Sent
from cutover.adapters.kube.session import connect
from cutover.core.base.errors import UnreachableError
from tests.adapters.kube.server import ApiServer, Call, Reply, kubeconfig

PLANTED = "planted-plugin-secret"


def _plugin(folder: Path, body: str) -> dict[str, Any]:
    """A credential plugin: a script that counts its runs in `runs` and prints `token` from a file."""
    script = folder / "plugin"
    script.write_text(f"#!{sys.executable}\nfrom pathlib import Path\nhere = Path({str(folder)!r})\n{body}")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(script), "interactiveMode": "Never"}
    }


def _token_plugin(folder: Path, **status: str) -> dict[str, Any]:
    (folder / "token").write_text("first")
    (folder / "runs").write_text("")
    answer = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
    return _plugin(
        folder,
        "(here / 'runs').open('a').write('x')\n"
        f"import json\nanswer = json.loads({json.dumps(json.dumps(answer))})\n"
        "answer['status']['token'] = (here / 'token').read_text()\nprint(json.dumps(answer))\n",
    )


def _wanting(token: Callable[[], str]) -> Reply:
    def answer(call: Call) -> None:
        if call.seen.headers.get("authorization") == f"Bearer {token()}":
            call.reply(200, {})
        else:
            call.refuse(401, "Unauthorized")

    return answer


def _runs(folder: Path) -> int:
    return len((folder / "runs").read_text())


def test_a_plugin_is_asked_once_for_many_requests(tmp_path: Path) -> None:
    with ApiServer(_wanting(lambda: "first")) as server:
        session = connect(server.kubeconfig(tmp_path, **_token_plugin(tmp_path)))
        assert [session.request("GET", "/x").status for _ in range(5)] == [200] * 5
    assert _runs(tmp_path) == 1


def test_a_401_is_an_answer_and_the_next_request_has_new_credentials(tmp_path: Path) -> None:
    with ApiServer(_wanting(lambda: "second")) as server:
        session = connect(server.kubeconfig(tmp_path, **_token_plugin(tmp_path)))
        (tmp_path / "token").write_text("second")
        assert session.request("PATCH", "/x", body=[]).status == 401
        assert len(server.seen) == 1
        assert session.request("PATCH", "/x", body=[]).status == 200
        assert len(server.seen) == 2
    assert _runs(tmp_path) == 2


def test_credentials_that_stay_refused_do_not_run_the_plugin_for_every_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cutover.adapters.kube.session._PAUSE", 60.0)
    with ApiServer(lambda call: call.refuse(401, "Unauthorized")) as server:
        session = connect(server.kubeconfig(tmp_path, **_token_plugin(tmp_path)))
        assert {session.request("GET", "/x").status for _ in range(10)} == {401}
    assert _runs(tmp_path) == 2


def test_a_plugin_that_fails_later_leaves_the_old_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover.adapters.kube.session._PAUSE", 60.0)
    with ApiServer(_wanting(lambda: "second")) as server:
        session = connect(server.kubeconfig(tmp_path, **_token_plugin(tmp_path)))
        (tmp_path / "token").unlink()
        assert [session.request("GET", "/x").status for _ in range(3)] == [401, 401, 401]
    assert _runs(tmp_path) == 2


def test_a_token_about_to_end_is_replaced_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=90)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with ApiServer(_wanting((tmp_path / "token").read_text)) as server:
        session = connect(server.kubeconfig(tmp_path, **_token_plugin(tmp_path, expirationTimestamp=soon)))
        assert session.request("GET", "/x").status == 200
        assert _runs(tmp_path) == 1
        in_a_while = datetime.now(UTC).timestamp() + 31
        monkeypatch.setattr("cutover.adapters.kube.session.time.time", lambda: in_a_while)
        (tmp_path / "token").write_text("second")
        assert session.request("GET", "/x").status == 200
    assert _runs(tmp_path) == 2


def test_a_plugin_that_fails_is_named_and_its_secrets_are_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plugin = _plugin(tmp_path, f"import sys; print('{PLANTED}'); sys.exit('log in first')")
    with ApiServer(Call.cut) as server, pytest.raises(UnreachableError) as failed:
        connect(server.kubeconfig(tmp_path, **plugin))
    assert str(failed.value) == (
        "the credentials of context 'here' cannot be used: exec: process returned 1. log in first"
    )
    assert capfd.readouterr() == ("", "")


def test_a_token_file_is_read_again_after_a_401(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first")
    with ApiServer(_wanting(lambda: "second")) as server:
        session = connect(server.kubeconfig(tmp_path, tokenFile=str(token)))
        token.write_text("second")
        assert [session.request("GET", "/x").status for _ in range(2)] == [401, 200]


def test_a_token_file_may_end_in_a_newline(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("first\n")
    with ApiServer(_wanting(lambda: "first")) as server:
        session = connect(server.kubeconfig(tmp_path, tokenFile=str(tmp_path / "token")))
        assert session.request("GET", "/x").status == 200


def test_a_token_that_is_no_line_of_text_is_refused_and_not_shown(tmp_path: Path) -> None:
    with ApiServer(Call.cut) as server, pytest.raises(UnreachableError, match="not one line of text") as failed:
        connect(server.kubeconfig(tmp_path, token=f"{PLANTED}\nX-Header: y"))
    assert PLANTED not in str(failed.value)


def test_a_run_stays_with_its_cluster_when_the_kubeconfig_changes(tmp_path: Path) -> None:
    """Neither a changed current context nor another server under the same name is followed in mid-run."""
    with ApiServer(lambda call: call.refuse(401, "Unauthorized")) as ours, ApiServer(Call.cut) as theirs:
        path = Path(ours.kubeconfig(tmp_path))
        session = connect(str(path))
        both, other = json.loads(path.read_text()), kubeconfig("there", theirs.url)
        for section in ("contexts", "clusters", "users"):
            both[section] += other[section]
        path.write_text(json.dumps(both | {"current-context": "there"}))
        assert [session.request("GET", "/x").status for _ in range(2)] == [401, 401]
        session = connect(str(path), "here")
        path.write_text(json.dumps(kubeconfig("here", theirs.url)))
        assert [session.request("GET", "/x").status for _ in range(2)] == [401, 401]
        assert (session.context, session.server) == ("here", ours.url)
        assert theirs.seen == []


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=test"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1"], cwd=folder, check=True, capture_output=True
    )
    return folder


def _tls(identity: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity / "cert.pem", identity / "key.pem")
    return context


def test_a_server_is_trusted_by_the_cas_of_the_kubeconfig_alone(tmp_path: Path, identity: Path) -> None:
    with ApiServer(lambda call: call.reply(200), _tls(identity)) as server:
        trusting = server.kubeconfig(tmp_path, {"certificate-authority": str(identity / "cert.pem")})
        assert connect(trusting).request("GET", "/x").status == 200
        with pytest.raises(ConnectionLost, match="TLS failed") as lost:
            connect(server.kubeconfig(tmp_path)).request("PATCH", "/x", body=[])
        assert lost.value.sent is Sent.NO
        assert [seen.method for seen in server.seen] == ["GET"]


def test_a_server_is_not_checked_where_the_kubeconfig_says_so(tmp_path: Path, identity: Path) -> None:
    with ApiServer(lambda call: call.reply(200), _tls(identity)) as server:
        careless = server.kubeconfig(tmp_path, {"insecure-skip-tls-verify": True})
        assert connect(careless).request("GET", "/x").status == 200


def test_a_stream_over_tls_ends_when_it_is_closed(tmp_path: Path, identity: Path) -> None:
    def one(call: Call) -> None:
        call.begin()
        call.chunk(b"{}\n")
        time.sleep(3)

    with ApiServer(one, _tls(identity)) as server:
        session = connect(server.kubeconfig(tmp_path, {"insecure-skip-tls-verify": True}))
        with session.stream("/w", (), 10) as stream:
            lines = stream.lines()
            assert next(lines) == b"{}"
            stream.close()
            assert list(lines) == []


def test_a_client_key_from_the_kubeconfig_does_not_stay_on_the_disk(
    tmp_path: Path, identity: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    context = _tls(identity)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(identity / "cert.pem")
    user = {f"client-{name}-data": _encoded(identity / f"{file}.pem") for name, file in _PAIR}
    with ApiServer(lambda call: call.reply(200), context) as server:
        cluster = {"certificate-authority-data": _encoded(identity / "cert.pem")}
        session = connect(server.kubeconfig(tmp_path, cluster, **user))
        assert session.request("GET", "/x").status == 200
    assert list((tmp_path / "tmp").rglob("*")) == []


_PAIR = (("certificate", "cert"), ("key", "key"))


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
