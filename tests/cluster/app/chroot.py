"""The application outside Kubernetes: the files, the user and the entry point of its real image, in a chroot."""

import json
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tests.cluster.app import image
from tests.cluster.app.image import ImageTar
from tests.cluster.app.server import free_port

TERMINATION_LOG: Final = "tmp/termination-log"
OUTSIDE: Final = {"PATH": "/usr/sbin:/usr/bin", "PYTHONPATH": "/app"}  # to find chroot; for the working directory


@dataclass(frozen=True)
class ApplicationReply:
    """What the application answered."""

    status: int
    text: str

    @property
    def body(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.text)
        return document


@dataclass(frozen=True)
class RunningApplication:
    """A running application."""

    process: subprocess.Popen[bytes]
    port: int
    root: Path
    output: Path

    def get(self, path: str = "/", within: float = 3.0) -> ApplicationReply:
        request = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(request, timeout=within) as answer:
                return ApplicationReply(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return ApplicationReply(error.code, error.read().decode())

    def check(self, name: str = "db") -> dict[str, Any]:
        """This check, as /readyz shows it."""
        return next(check for check in self.get("/readyz").body["checks"] if check["name"] == name)

    @property
    def log(self) -> str:
        return self.output.read_text()

    @property
    def termination_message(self) -> str:
        return (self.root / TERMINATION_LOG).read_text()

    def wait_until_it_serves(self) -> None:
        while self.process.poll() is None:
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.01)
            else:
                return


def unpack(built: ImageTar, root: Path) -> None:
    """The image's file system."""
    with tarfile.open(built.path) as archive:
        manifest = json.load(_member(archive, "manifest.json"))
        with tarfile.open(fileobj=_member(archive, manifest[0]["Layers"][0])) as layer:
            layer.extractall(root, filter="tar")
    root.chmod(0o755)  # a test's folder lets nobody else in, the application's user neither


@contextmanager
def running(root: Path, output: Path, *arguments: str, **env: str) -> Iterator[RunningApplication]:
    """The application with this environment; it serves, or has ended."""
    _empty_termination_log(root)
    port = free_port()
    user = image.CONTAINER["User"]
    command = ["chroot", f"--userspec={user}", str(root), *image.CONTAINER["Entrypoint"], *arguments]
    given = {"LISTEN": f"127.0.0.1:{port}", "TERMINATION_LOG": f"/{TERMINATION_LOG}"}
    with output.open("wb") as file:
        process = subprocess.Popen(command, env=OUTSIDE | given | env, stdout=file, stderr=subprocess.STDOUT)
    application = RunningApplication(process, port, root, output)
    try:
        if not arguments:
            application.wait_until_it_serves()
        yield application
    finally:
        process.kill()
        process.wait()


def _empty_termination_log(root: Path) -> None:
    """As the kubelet makes it: empty, and writable for everybody."""
    file = root / TERMINATION_LOG
    file.write_text("")
    file.chmod(0o666)


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    file = archive.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is no file")
    return file
