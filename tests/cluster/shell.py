"""Running one command to its end, and saying what it said when it fails."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cluster.errors import BedError, MissingError

# Root's PATH lacks the system tools where it was inherited from an ordinary user.
SEARCH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"])

# What the bed's own processes see. Without the proxy variables: a Go client would send even 10.0.0.0/8 through a proxy.
# GOGC: those in Go collect garbage a third as often; it was a seventh of what the API server did.
ENVIRONMENT: dict[str, str] = {"PATH": SEARCH, "HOME": "/root", "LANG": "C.UTF-8", "GOGC": "300"}


def find(command: str) -> str | None:
    """The full path of a system tool."""
    return shutil.which(command, path=SEARCH)


def tool(command: str) -> str:
    """The full path of a system tool that must be there."""
    found = find(command)
    if found is None:
        raise MissingError(f"{command} is not installed: run `make packages`")
    return found


def require_root() -> None:
    """Nothing of the bed works without; better said once than by the first tool that fails."""
    if os.geteuid() != 0:
        raise MissingError("the test bed needs root: it makes a network namespace, mounts and cgroups")


def run(argv: Sequence[str | Path], *, text: str | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a command to its end; its standard output."""
    done = subprocess.run(
        [str(word) for word in argv],
        input=text,
        env={**ENVIRONMENT, **(env or {})},
        cwd="/",  # a working directory that every user may enter
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BedError(f"{' '.join(str(word) for word in argv)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def inside(netns: Path) -> list[str]:
    """The prefix that puts a command into a network namespace.

    nsenter replaces itself by the command, so the pid is the command's own. `ip netns exec` would also make a mount
    namespace, and kubelet's mounts would not reach containerd.
    """
    return [tool("nsenter"), f"--net={netns}", "--"]


def as_user(name: str) -> list[str]:
    """The prefix that runs a command as another user; it too replaces itself."""
    return [tool("setpriv"), f"--reuid={name}", f"--regid={name}", "--clear-groups", "--"]
