"""Two PostgreSQL servers with password authentication, an address where nobody listens, one that swallows packets."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote

from tests.cluster import processes
from tests.cluster.errors import BedError, MissingError
from tests.cluster.node import BedNode
from tests.cluster.progress import wait_for
from tests.cluster.shell import as_user, inside, run, tool

PORT = 5432
NAME = USER = "payments"
SUPERUSER = "postgres"

# No write waits for a disk: nobody will ask for this data after a crash.
SETTINGS = {
    "port": str(PORT),
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "dynamic_shared_memory_type": "mmap",
    "shared_buffers": "32MB",
    "max_connections": "300",
    "password_encryption": "scram-sha-256",
}


@dataclass(frozen=True)
class DatabaseEndpoint:
    """Where an application thinks its database is, and how it would log in there."""

    host: str
    password: str
    port: int = PORT
    user: str = USER
    database: str = NAME

    def url(self) -> str:
        """The connection string, password included."""
        return f"postgresql://{self.user}:{quote(self.password)}@{self.host}:{self.port}/{self.database}"

    def query(self, statement: str) -> str:
        """Run SQL as the application would, over the network with its password."""
        return _psql(
            statement, prefix=[], host=self.host, user=self.user, database=self.database, password=self.password
        )


@dataclass(frozen=True)
class Database(DatabaseEndpoint):
    """An endpoint with a server behind it."""

    identity: str = ""
    socket: str = ""

    def administer(self, statement: str, database: str = NAME) -> str:
        """Run SQL as the superuser, over the server's socket."""
        return _psql(statement, prefix=as_user("postgres"), host=self.socket, user=SUPERUSER, database=database)


@dataclass(frozen=True)
class Databases:
    """All that a plan may point an application at."""

    a: Database
    b: Database
    refused: DatabaseEndpoint
    blackhole: DatabaseEndpoint


def choose(node: BedNode) -> Databases:
    """Addresses, and new passwords for each bed. The dead addresses carry b's password: only the address is wrong."""
    a, b = token_urlsafe(18), token_urlsafe(18)
    return Databases(
        a=Database(node.ranges.database_a, a, identity="db-a", socket=str(_folder(node, "db-a"))),
        b=Database(node.ranges.database_b, b, identity="db-b", socket=str(_folder(node, "db-b"))),
        refused=DatabaseEndpoint(node.ranges.refused, b),
        blackhole=DatabaseEndpoint(node.ranges.blackhole, b),
    )


def start(node: BedNode, database: Database) -> None:
    """A new server with the payments database, its user, and the table that says which server this is."""
    folder = Path(database.socket)
    folder.mkdir()
    shutil.chown(folder, "postgres", "postgres")
    _initialise(node, folder / "data")
    processes.start(node.place, database.identity, _server(folder, database.host))
    socket = folder / f".s.PGSQL.{PORT}"
    wait_for(f"{database.identity} listens", socket.exists, 20)
    wait_for(f"{database.identity} answers", lambda: _accepts(folder), 20)
    _fill(database)


def _folder(node: BedNode, name: str) -> Path:
    return node.place.state / name


def _initialise(node: BedNode, data: Path) -> None:
    """Inside the namespace: there `down` finds it, should this process be killed meanwhile."""
    options = ["--no-sync", "--no-instructions", "--auth-local=peer", "--auth-host=scram-sha-256", "--encoding=UTF8"]
    run([*inside(node.place.netns), *_alone(), program("initdb"), *options, "-D", data])
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 0.0.0.0/0 scram-sha-256\n")


def _server(folder: Path, host: str) -> list[object]:
    settings = {**SETTINGS, "listen_addresses": host, "unix_socket_directories": str(folder)}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [*_alone(), program("postgres"), "-D", folder / "data", *words]


def _alone() -> list[str]:
    """The prefix that runs a server, or the one inside initdb.

    In a System V IPC namespace of its own: a killed server leaves its shared memory segment behind, but the namespace
    goes with its last process, and the segment with it.
    """
    return [tool("unshare"), "--ipc", "--", *as_user("postgres")]


def _accepts(folder: Path) -> bool:
    try:
        run([program("pg_isready"), "-q", "-h", folder])
    except BedError:
        return False
    return True


def _fill(database: Database) -> None:
    role = f"CREATE ROLE {USER} LOGIN PASSWORD '{database.password}'"
    database.administer(f"{role};\nCREATE DATABASE {NAME} OWNER {USER};", "postgres")
    database.administer(
        f"SET ROLE {USER};\nCREATE TABLE identity (name text NOT NULL);"
        f"\nINSERT INTO identity VALUES ('{database.identity}');"
    )


def _psql(statement: str, *, prefix: list[str], host: str, user: str, database: str, password: str = "") -> str:
    """The statement goes in by standard input: it may hold a password, and every user sees a command line."""
    words = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", str(PORT), "-U", user, "-d", database]
    return run([*prefix, program("psql"), *words, "-f", "-"], text=statement, env={"PGPASSWORD": password}).strip()


def program(name: str) -> Path:
    """A program of the newest PostgreSQL on this machine; Debian keeps them off PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise MissingError("postgresql is not installed: run `make packages`")
    return found[-1]
