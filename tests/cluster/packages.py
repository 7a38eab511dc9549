"""The Debian packages that the bed runs: which are missing, and how they are installed."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.errors import BedError, MissingError
from tests.cluster.shell import ENVIRONMENT, find, require_root

# Each package and a program of it that the bed starts.
PROGRAMS = {
    "containerd": "containerd",
    "containernetworking-plugins": "/usr/lib/cni/bridge",
    "conntrack": "conntrack",
    "etcd-server": "etcd",
    "iproute2": "ip",
    "iptables": "iptables",
    "openssl": "openssl",
    "postgresql": "/usr/lib/postgresql/*/bin/postgres",
    "procps": "sysctl",
    "prometheus": "prometheus",
    "runc": "runc",
    "util-linux": "nsenter",
}

# What only the tests with a Keycloak need: the bed starts without.
ON_REQUEST = {"default-jre-headless": "java", "maven": "mvn"}

POLICY = Path("/usr/sbin/policy-rc.d")
REFUSE = "#!/bin/sh\n# of the cutover test bed, while it installs packages\nexit 101\n"


def missing(programs: Mapping[str, str]) -> list[str]:
    """The packages whose program is not there."""
    return [package for package, program in programs.items() if not _there(program)]


def require() -> None:
    """Refuse to start when something is missing."""
    if packages := missing(PROGRAMS):
        raise MissingError(f"not installed: {', '.join(packages)}. Run `make packages`")


def install() -> None:
    """Install what is missing."""
    packages = missing(PROGRAMS | ON_REQUEST)
    if not packages:
        print("every package is installed")
        return
    if find("apt-get") is None:
        raise MissingError(f"not installed: {', '.join(packages)}; without apt-get, install them yourself")
    require_root()
    print(f"installing {' '.join(packages)}", flush=True)
    with _services_stay_off():
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *packages)


def _there(program: str) -> bool:
    if "/" in program:
        return any(Path("/").glob(program.removeprefix("/")))
    return find(program) is not None


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """Debian starts every service that it installs, unless this file says no; the bed wants the programs alone."""
    before = POLICY.read_text() if POLICY.exists() else None
    POLICY.write_text(REFUSE)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        _put_back(before)


def _put_back(before: str | None) -> None:
    """A file of ours from an installation that was killed is nobody's wish."""
    if before is None or before == REFUSE:
        POLICY.unlink()
    else:
        POLICY.write_text(before)


def _apt(*words: str) -> None:
    environment = {**os.environ, "PATH": ENVIRONMENT["PATH"], "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-q", *words], env=environment, check=False)
    if done.returncode:
        raise BedError(f"apt-get {words[0]} failed")
