"""The load client tells the truth: what was dropped is counted, and a slow answer delays nobody.

The servers are real and local; each connection gets the treatment that its number says.
"""

import contextlib
import json
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.load import AddressRefusedError, LoadClient, LoadResult
from tests.cluster.load.client import CHECKOUT

pytestmark = pytest.mark.sampled(3)  # these prove the test bed's own parts

Treatment = Callable[[socket.socket], None]
BODY = json.dumps({"database": "db-a", "pod": "payments-1", "hash": "abc"})


def reply(status: int, body: str = BODY, announced: int | None = None) -> Treatment:
    head = f"HTTP/1.0 {status} Said\r\nContent-Length: {len(body) if announced is None else announced}\r\n\r\n"
    return lambda connection: connection.sendall((head + body).encode())


def reset(connection: socket.socket) -> None:
    """Close with RST, as a process that is killed does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang(_: socket.socket) -> None:
    time.sleep(1.2)


def slow(connection: socket.socket) -> None:
    time.sleep(0.8)
    reply(200)(connection)


class TreatingServer:
    """Answers 200, but treats some connections, by their number, in their own way."""

    def __init__(self, special: dict[int, Treatment]) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.special = special
        self.arrivals: list[float] = []

    def run(self) -> None:
        with contextlib.suppress(OSError), ThreadPoolExecutor(64) as pool:
            while True:
                connection, _ = self.socket.accept()
                self.arrivals.append(time.monotonic())
                pool.submit(treat, connection, self.special.get(len(self.arrivals), reply(200)))


def treat(connection: socket.socket, treatment: Treatment) -> None:
    with connection:
        connection.recv(4096)
        treatment(connection)


@contextmanager
def serving(special: dict[int, Treatment] | None = None) -> Iterator[TreatingServer]:
    server = TreatingServer(special or {})
    thread = threading.Thread(target=server.run)
    thread.start()
    with server.socket:
        yield server
        server.socket.shutdown(socket.SHUT_RDWR)  # ends the accept
        thread.join()


def load(url: str, seconds: float = 0.6, timeout: float = 2.0) -> LoadResult:
    with LoadClient(url, timeout=timeout) as client:
        time.sleep(seconds)
        return client.stop()


def test_every_kind_of_drop_is_counted_once_and_nothing_else_is() -> None:
    treatments = {4: reset, 8: hang, 12: reply(500), 16: reply(401), 20: reply(200, BODY[:9], announced=len(BODY))}
    with serving(treatments) as server:
        result = load(server.url, timeout=0.5)
    assert result.reasons == {"reset": 1, "timeout": 1, "http_500": 1, "http_401": 1, "cut": 1}
    assert result.sent == len(server.arrivals) > 20
    assert result.by_database == {"db-a": result.sent - len(treatments)}
    assert [round(answer.at * 50) + 1 for answer in result.failed] == list(treatments)


def test_an_address_where_nothing_listens_fails_every_request() -> None:
    with serving() as server:
        url = server.url
    result = load(url, seconds=0.2)
    assert result.reasons == {"refused": result.sent}
    assert result.by_database == {}


def test_a_clean_run_has_no_failure_and_one_connection_per_request() -> None:
    with serving() as server:
        result = load(server.url)
    assert result.failed == ()
    assert result.sent == len(server.arrivals)
    assert result.by_pod == {"payments-1": result.sent}


def test_a_slow_answer_delays_no_later_request() -> None:
    with serving(dict.fromkeys(range(5, 10), slow)) as server:
        result = load(server.url, seconds=1.0)
    late = sorted(answer.latency for answer in result.answers if answer.latency > 0.8)
    assert len(late) == 5
    assert [answer.at for answer in result.answers] == pytest.approx([i / 50 for i in range(result.sent)])
    gaps = [later - earlier for earlier, later in zip(server.arrivals, server.arrivals[1:], strict=False)]
    assert max(gaps) < 0.4, "requests waited for the slow answers"
    assert result.failed == ()


def test_what_is_under_way_at_the_end_is_waited_for_and_counted() -> None:
    with serving({1: slow}) as server:
        result = load(server.url, seconds=0.1)
    assert result.failed == ()
    assert result.answers[0].latency > 0.8


def test_percentiles_count_good_answers_only() -> None:
    with serving({3: slow, 7: hang}) as server:
        result = load(server.url, timeout=1.0)
    assert 0.8 < result.latency(100) < 1.0
    assert result.latency(50) < 0.4


@pytest.mark.parametrize(
    ("url", "allow"),
    [
        ("http://8.8.8.8/", ()),
        ("http://10.96.0.10/", ()),
        ("http://10.97.0.10/", ("10.96.0.0/16",)),
        ("http://192.0.2.1/", ("192.0.2.0/24",)),
        ("http://8.8.8.8/", ("0.0.0.0/0",)),
        ("http://payments.example/", ("10.96.0.0/16",)),
        ("https://127.0.0.1/", ()),
        ("http:///", ()),
    ],
)
def test_load_outside_the_bed_is_refused(url: str, allow: tuple[str, ...]) -> None:
    with pytest.raises(AddressRefusedError):
        LoadClient(url, allow=allow)
    options = [f"--allow={each}" for each in allow]
    assert cli(url, "--seconds=1", *options).wait() == 2


def test_the_command_line_ends_on_sigterm_and_writes_every_answer(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    with serving({2: reply(503)}) as server:
        process = cli(server.url, "--rate=20", f"--json={file}")
        while len(server.arrivals) < 5:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 1, "something failed"
    result = LoadResult.from_json(file.read_text())
    assert result.sent == len(server.arrivals)
    assert result.reasons == {"http_503": 1}


def test_the_command_line_ends_after_its_time() -> None:
    with serving() as server:
        assert cli(server.url, "--rate=20", "--seconds=0.5").wait() == 0
    assert len(server.arrivals) == 10


def cli(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.cluster.load", *arguments]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
