"""The application image, built without a registry or a daemon: `python -m tests.cluster.app.image OUT.tar`."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.cluster.app import archive, packages
from tests.cluster.place import CACHE

REPOSITORY: Final = "cutover.dev/payments"
USER: Final = "10001"
SOURCE: Final = Path(__file__).parent / "payments"
CONTAINER: Final[dict[str, Any]] = {
    "Entrypoint": ["/usr/bin/python3", "-m", "payments"],
    "Env": ["PATH=/usr/bin", "LANG=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"],
    "ExposedPorts": {"8080/tcp": {}},
    "User": f"{USER}:{USER}",
    "WorkingDir": "/app",
}
_NOT_FOR_RUNNING: Final = ("doc", "man", "locale", "lintian", "bug", "doc-base")
# Only what the server imports: compiling the whole library costs more than the rest of the build.
_COMPILE: Final = """
import py_compile, sys
import payments.server
files = {m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None) and m.__file__.endswith(".py")}
for file in sorted(files | {sys.argv[2]}):
    shown = file.removeprefix(sys.argv[1])
    py_compile.compile(file, dfile=shown, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


@dataclass(frozen=True)
class ImageTar:
    """An image in a file that any container runtime loads."""

    path: Path
    reference: str


def build(cache: Path) -> ImageTar:
    """The image, from the cache folder unless the application or the list of packages has changed."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"payments-{_inputs()}.tar"
    with _alone(cache):
        if not path.exists():
            _build(path, cache)
    return ImageTar(path, archive.reference(path))


def _build(path: Path, cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        root = Path(folder, "root")
        packages.unpack(root, cache / "packages")
        _add_application(root)
        _compile(root)
        _trim(root)
        finished = Path(folder, "image.tar")
        archive.write(finished, REPOSITORY, archive.layer(root), CONTAINER, _architecture())
        finished.replace(path)


def _add_application(root: Path) -> None:
    shutil.copytree(SOURCE, root / "app/payments", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tmp").mkdir(exist_ok=True)
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text(f"app:x:{USER}:{USER}::/tmp:/usr/sbin/nologin\n")
    (root / "etc/nsswitch.conf").write_text("hosts: files dns\n")


def _compile(root: Path) -> None:
    """Byte code into the image: its user may not write it, and compiling at every start costs half a second."""
    loader = next(root.glob("usr/lib/*-linux-gnu/ld-linux-*.so.*"))
    python = (str(loader), "--library-path", str(loader.parent), str(root / "usr/bin/python3"))
    environment = {"PYTHONHOME": str(root / "usr"), "PYTHONPATH": f"{root}/app:{root}/usr/lib/python3/dist-packages"}
    arguments = ("-c", _COMPILE, str(root), str(root / "app/payments/__main__.py"))
    subprocess.run([*python, *arguments], env=environment, check=True)


def _trim(root: Path) -> None:
    for name in _NOT_FOR_RUNNING:
        shutil.rmtree(root / "usr/share" / name, ignore_errors=True)


def _inputs() -> str:
    """A digest of everything that this checkout decides about the image."""
    files = (*sorted(SOURCE.glob("*.py")), Path(__file__), Path(packages.__file__), Path(archive.__file__))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Two test runs may share a cache."""
    with (cache / "image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    built = build(CACHE / "images")
    shutil.copyfile(built.path, sys.argv[1])
    print(f"{built.reference} in {sys.argv[1]}, {built.path.stat().st_size / 1e6:.0f} MB")
