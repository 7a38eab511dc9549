"""A PostgreSQL server of a test's own, on loopback: for tests of the application that need no cluster."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUPERUSER: Final = "postgres"
USER: Final = "payments"
PASSWORD: Final = "pl4nted-in-the-test"  # noqa: S105 - lives as long as one test run, on loopback


@dataclass(frozen=True)
class Postgres:
    """A running server, whose database `payments` knows its identity."""

    port: int
    folder: Path

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, password: str = PASSWORD, database: str = USER) -> str:
        return f"postgresql://{USER}:{password}@{self.address}/{database}"

    def administer(self, *statements: str, database: str = USER) -> None:
        command = ["psql", "-qX", "-h", str(self.folder), "-p", str(self.port), "-U", SUPERUSER, "-d", database]
        commands = [f"--command={statement}" for statement in statements]
        subprocess.run([*command, *commands], check=True, user=SUPERUSER, cwd="/", capture_output=True)


@contextmanager
def postgres(identity: str) -> Iterator[Postgres]:
    """A server that says it is `identity`; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        shutil.chown(name, SUPERUSER)
        server = Postgres(free_port(), Path(name))
        process = _start(server)
        try:
            _fill(server, identity)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _start(server: Postgres) -> subprocess.Popen[bytes]:
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    data = f"{server.folder}/data"
    access = ["--auth-host=scram-sha-256", "--auth-local=trust", f"--username={SUPERUSER}"]
    initdb = [str(programs / "initdb"), *access, "--no-sync", "-D", data]
    subprocess.run(initdb, check=True, user=SUPERUSER, cwd="/", capture_output=True)
    where = ["-D", data, "-k", str(server.folder), "-h", "127.0.0.1", "-p", str(server.port)]
    return subprocess.Popen(
        [str(programs / "postgres"), "-F", *where], user=SUPERUSER, cwd="/", stderr=subprocess.DEVNULL
    )


def _fill(server: Postgres, identity: str) -> None:
    _wait_until_it_answers(server)
    server.administer(f"create role {USER} login password '{PASSWORD}'", f"create database {USER}", database=SUPERUSER)
    server.administer(
        "create table identity (name text not null)",
        f"insert into identity values ('{identity}')",  # noqa: S608 - a test's own word
        f"grant select on identity to {USER}",
    )


def _wait_until_it_answers(server: Postgres) -> None:
    for _ in range(200):
        try:
            return server.administer("select 1", database=SUPERUSER)
        except subprocess.CalledProcessError:
            time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start")
