"""A real Keycloak with two realms. Few tests need one: the first that asks for it starts it, all share it."""

import json
import os
import shutil
import subprocess
import urllib.error
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.cluster import processes
from tests.cluster.api_requests import NO_PROXY
from tests.cluster.bed import Bed
from tests.cluster.errors import BedError, MissingError
from tests.cluster.lock import only_one
from tests.cluster.place import CACHE, BedPlace
from tests.cluster.progress import wait_for
from tests.cluster.shell import ENVIRONMENT, find

NAME: Final = "keycloak"
ARTIFACT: Final = "org.keycloak:keycloak-quarkus-dist:26.3.5:zip"
PLUGIN: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
PORT: Final = 8180
REALMS: Final = ("shop", "shop2")
CLIENT: Final = "payments"

# What decides how it is augmented; the same words again at the start would make it augment itself anew.
OPTIONS: Final = ("--db=dev-mem", "--health-enabled=false", "--metrics-enabled=false")

# It shares two cores with everything else: a small heap, and the quick compiler alone.
JAVA: Final = {
    "JAVA_OPTS_KC_HEAP": "-Xms64m -Xmx320m",
    "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1 -XX:-UsePerfData -Djava.net.preferIPv4Stack=true",
}


@dataclass(frozen=True)
class Keycloak:
    """A running Keycloak, as pods and tests reach it."""

    url: str

    def issuer(self, realm: str) -> str:
        """The issuer of a realm, whether there is such a realm or not."""
        return f"{self.url}/realms/{realm}"

    def discovery(self, realm: str) -> Any:
        """What it says about a realm (OpenID Connect Discovery 1.0, section 4)."""
        with NO_PROXY.open(f"{self.issuer(realm)}/.well-known/openid-configuration", timeout=5) as answer:
            return json.load(answer)


def keycloak(bed: Bed) -> Keycloak:
    """The bed's Keycloak, started now if nobody has asked for it before."""
    running = Keycloak(f"http://{bed.ranges.node}:{PORT}")
    with only_one(bed.place.state / "keycloak.lock", "another test that starts Keycloak"):
        if not _runs(bed.place):
            _start(bed, running)
    return running


def _runs(place: BedPlace) -> bool:
    return any(process.name == NAME and processes.alive(process) for process in processes.recorded(place))


def _start(bed: Bed, running: Keycloak) -> None:
    argv = (
        *(
            distribution() / "bin" / "kc.sh",
            "start",
            "--optimized",
            "--import-realm",
            "--http-enabled=true",
            "--cache=local",
        ),
        *(f"--http-host={bed.ranges.node}", f"--http-port={PORT}", f"--hostname={running.url}"),
    )
    process = processes.start(bed.place, NAME, argv, _java(bed.place.state / NAME))
    try:
        wait_for("Keycloak answers", lambda: _answers(running, process), 120, pause=0.2)
    except BedError as error:
        processes.give_up(bed.place, process)  # a bed with a dead component would be started anew, under all tests
        raise _failure(str(error), (bed.place.logs / f"{NAME}.log").read_text()) from None


def _java(folder: Path) -> dict[str, str]:
    """What Java would leave in /tmp goes with the bed."""
    folder.mkdir(exist_ok=True)
    return JAVA | {"JAVA_OPTS_APPEND": f"{JAVA['JAVA_OPTS_APPEND']} -Djava.io.tmpdir={folder}"}


def _answers(running: Keycloak, process: processes.Process) -> bool:
    if not processes.alive(process):
        raise BedError("Keycloak has ended")
    try:
        return all(running.discovery(realm)["issuer"] == running.issuer(realm) for realm in REALMS)
    except (OSError, urllib.error.URLError):
        return False


# -- the program, once per machine -------------------------------------------------------------------------------------


def distribution() -> Path:
    """The folder of a Keycloak that is ready to start. It gets its name last: it is complete or it is not there."""
    folder = CACHE / NAME / ARTIFACT.split(":")[2]
    with only_one(CACHE / "locks" / "keycloak.lock", "another download of Keycloak"):
        if not folder.exists():
            _prepare(folder)
    return folder


def _prepare(folder: Path) -> None:
    with TemporaryDirectory(dir=_made(folder.parent)) as made:
        _unpack(Path(made)).rename(folder)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _unpack(partial: Path) -> Path:
    _fetch(partial)
    (archive,) = partial.glob("*.zip")
    shutil.unpack_archive(archive, partial)
    (unpacked,) = (path for path in partial.iterdir() if path.is_dir())
    (unpacked / "bin" / "kc.sh").chmod(0o755)
    _write_realms(unpacked / "data" / "import")
    _run([unpacked / "bin" / "kc.sh", "build", *OPTIONS], {**ENVIRONMENT, **JAVA})
    return unpacked


def _fetch(folder: Path) -> None:
    """From wherever Maven is told on this machine to look."""
    if find("mvn") is None:
        raise MissingError("not installed: maven. Run `make packages`")
    words = ["mvn", "-q", "-B", f"{PLUGIN}:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    _run(words, {**os.environ, "PATH": ENVIRONMENT["PATH"]})


def _run(words: list[Any], environment: dict[str, str]) -> None:
    done = subprocess.run(words, env=environment, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise _failure(f"{words[0]} failed:", done.stdout + done.stderr)


def _failure(what: str, said: str) -> BedError:
    """What failed, and the last that was said."""
    return BedError("\n".join([what, *said.splitlines()[-20:]]))


def _write_realms(folder: Path) -> None:
    for realm in REALMS:
        client = {"clientId": CLIENT, "publicClient": True, "redirectUris": ["http://shop.example/*"]}
        (_made(folder) / f"{realm}.json").write_text(json.dumps({"realm": realm, "enabled": True, "clients": [client]}))
