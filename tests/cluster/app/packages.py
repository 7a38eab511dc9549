"""The Debian packages of the application image: a real Python and a real PostgreSQL driver, unpacked, not installed."""

import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Final

ROOTS: Final = ("python3-minimal", "libpython3-stdlib", "python3-psycopg2")
# Needed to install packages, not to run Python.
UNUSED: Final = frozenset({"dpkg", "mailcap", "media-types", "mime-support", "python3", "readline-common"})
_ONLY_NEEDED: Final = tuple(
    f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
)


def unpack(into: Path, downloads: Path) -> None:
    """A root file system with Python and psycopg2."""
    downloads.mkdir(parents=True, exist_ok=True)
    for name in ("bin", "lib", "lib64", "sbin"):  # one /usr, as on every installed Debian: packages use both spellings
        (into / "usr" / name).mkdir(parents=True)
        (into / name).symlink_to(Path("usr", name))
    for package in _download(downloads):
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as files:
            # `dpkg -x` would put directories in the place of those links.
            subprocess.run(["tar", "-x", "--keep-directory-symlink", "-C", into], stdin=files.stdout, check=True)


def _download(folder: Path) -> list[Path]:
    names = _closure()
    try:
        _fetch(names, folder)
    except subprocess.CalledProcessError:  # old lists name versions that the mirrors have replaced
        _run("apt-get", "update", "-qq")
        _fetch(names, folder)
    return [_newest(folder, name) for name in names]


def _fetch(names: list[str], folder: Path) -> None:
    # apt's own user may not write into a private cache folder; nothing is installed here.
    _run("apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *names, folder=folder)


def _newest(folder: Path, name: str) -> Path:
    return max(folder.glob(f"{name}_*.deb"), key=lambda file: file.stat().st_mtime)


def _closure() -> list[str]:
    """The roots and everything that they need to run."""
    needs = _dependencies(_run("apt-cache", "depends", "--recurse", *_ONLY_NEEDED, *ROOTS))
    found: set[str] = set()
    todo = list(ROOTS)
    while todo:
        name = todo.pop()
        if name not in found | UNUSED:
            found.add(name)
            todo += needs[name]
    return sorted(found)


def _dependencies(text: str) -> dict[str, list[str]]:
    """Package to packages, from apt-cache's indented lines; `<virtual>` names are left to their providers."""
    needs: dict[str, list[str]] = defaultdict(list)
    package = ""
    for line in text.splitlines():
        if not line.startswith((" ", "|", "<")):
            package = line.strip()
        elif "Depends:" in line and "<" not in line:
            needs[package].append(line.rpartition(" ")[2])
    return needs


def _run(*command: str, folder: Path | None = None) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
