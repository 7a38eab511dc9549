"""Kubernetes, Argo Rollouts and the pause program, built from Go modules once per machine."""

import hashlib
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.app import archive
from tests.cluster.errors import BedError, MissingError
from tests.cluster.lock import only_one
from tests.cluster.place import CACHE
from tests.cluster.shell import ENVIRONMENT, find

SOURCE = Path(__file__).parent / "binaries"
ARGO = "github.com/argoproj/argo-rollouts"
KUBERNETES = "k8s.io/kubernetes"
PACKAGES = (
    f"{ARGO}/cmd/rollouts-controller",
    f"{KUBERNETES}/cmd/kube-apiserver",
    f"{KUBERNETES}/cmd/kubectl",
    f"{KUBERNETES}/cmd/kube-controller-manager",
    f"{KUBERNETES}/cmd/kube-scheduler",
    f"{KUBERNETES}/cmd/kubelet",
    f"{KUBERNETES}/cmd/kube-proxy",
    f"{ARGO}/cmd/kubectl-argo-rollouts",
    "./pause",
)
PAUSE = "cutover.dev/pause"


@dataclass(frozen=True)
class Binaries:
    """A folder with everything that was built."""

    folder: Path

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    @property
    def crds(self) -> Path:
        return self.folder / "crds"

    @property
    def pause_image(self) -> Path:
        return self.folder / "pause.tar"


def binaries() -> Binaries:
    """The folder for the sources as they are now, built or not.

    The flags below are not part of the key: who changes them removes the folder.
    """
    files = sorted(path for path in SOURCE.rglob("*") if path.suffix in {".mod", ".sum", ".go"})
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    return Binaries(CACHE / "binaries" / digest.hexdigest()[:16])


def build() -> Binaries:
    """Build what is not there yet. The folder gets its name last: it is complete or it is not there."""
    result = binaries()
    with only_one(CACHE / "locks" / "build.lock", "another build"):
        if not result.folder.exists():
            _build(result)
    return result


def _build(result: Binaries) -> None:
    if find("go") is None:
        raise MissingError("go is not installed: the test bed is built with Go 1.26 or newer")
    partial = _new_folder(result)
    flags = _link_flags()
    for number, package in enumerate(PACKAGES, start=1):
        _compile(package, partial / Path(package).name, flags, f"[{number}/{len(PACKAGES)}]")
    _copy_crds(partial.crds)
    _pack_pause(partial)
    partial.folder.rename(result.folder)
    for left in result.folder.parent.glob(f"{result.folder.name}.*"):
        shutil.rmtree(left, ignore_errors=True)


def _new_folder(result: Binaries) -> Binaries:
    """A folder for this process alone: the compiler of a build that was killed may still be writing into its own."""
    folder = result.folder.with_suffix(f".{os.getpid()}")
    folder.mkdir(parents=True)
    return Binaries(folder)


def _compile(package: str, target: Path, flags: str, count: str) -> None:
    """Build one program, and say every quarter of a minute that it is still going on."""
    argv = ["go", "build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", str(target), package]
    started = time.monotonic()
    process = subprocess.Popen(argv, cwd=SOURCE, env=_environment(), stderr=subprocess.PIPE, text=True)
    errors = None
    while errors is None:
        try:
            errors = process.communicate(timeout=15)[1]
        except subprocess.TimeoutExpired:
            print(f"{count} {target.name}: compiling, {time.monotonic() - started:.0f} s", flush=True)
    if process.returncode:
        raise BedError(f"go build {package}: {errors.strip()}")
    print(f"{count} {target.name}: {time.monotonic() - started:.1f} s", flush=True)


def _link_flags() -> str:
    """Without a version the API server calls itself v0.0.0-master, and clients misjudge it."""
    version = _go("list", "-m", "-f", "{{.Version}}", KUBERNETES)
    major, minor = version.removeprefix("v").split(".")[:2]
    values = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    return " ".join(["-s -w", *(f"-X k8s.io/component-base/version.{name}={text}" for name, text in values.items())])


def _copy_crds(folder: Path) -> None:
    source = Path(_go("list", "-m", "-f", "{{.Dir}}", ARGO)) / "manifests" / "crds"
    folder.mkdir()
    for file in source.glob("*-crd.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())  # not copied as it is: the module cache is read-only


def _pack_pause(partial: Binaries) -> None:
    """The image that containerd runs as every pod's sandbox: one program and nothing else."""
    root = partial / "pause-root"
    root.mkdir()
    shutil.copy(partial / "pause", root / "pause")
    archive.write(partial.pause_image, PAUSE, archive.layer(root), {"Entrypoint": ["/pause"]}, _go("env", "GOARCH"))
    shutil.rmtree(root)


def _go(*words: str) -> str:
    done = subprocess.run(["go", *words], cwd=SOURCE, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BedError(f"go {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def _environment() -> dict[str, str]:
    """The user's own: a module proxy and its settings are the user's business."""
    return {**os.environ, "PATH": ENVIRONMENT["PATH"], "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly"}
