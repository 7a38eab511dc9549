"""Container images as plain tar files: one layer, a config, a manifest, the same bytes for the same content."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any, Final

LONG_AGO: Final = 1  # one modification time for every file


def layer(root: Path) -> bytes:
    """Everything below the folder, as root's, in a fixed order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(root.rglob("*")):
            tar.add(path, str(path.relative_to(root)), recursive=False, filter=_anonymous)
    return buffer.getvalue()


def write(path: Path, repository: str, content: bytes, container: dict[str, Any], architecture: str) -> None:
    """A docker-archive, which `ctr images import` and `docker load` read; the tag is the content's digest."""
    digest = hashlib.sha256(content).hexdigest()
    config = json.dumps(_config(digest, container, architecture)).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    tag = hashlib.sha256(config).hexdigest()[:12]
    manifest = [{"Config": name, "RepoTags": [f"{repository}:{tag}"], "Layers": [f"{digest}/layer.tar"]}]
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        _member(tar, "manifest.json", json.dumps(manifest).encode())
        _member(tar, name, config)
        _member(tar, f"{digest}/layer.tar", content)


def reference(path: Path) -> str:
    """The name of the image in the archive."""
    with tarfile.open(path) as tar:
        first = tar.next()
        file = tar.extractfile(first) if first else None
        if file is None:
            raise ValueError(f"{path} is not an image archive")
        return str(json.load(file)[0]["RepoTags"][0])


def _config(digest: str, container: dict[str, Any], architecture: str) -> dict[str, Any]:
    return {
        "architecture": architecture,
        "os": "linux",
        "created": "1970-01-01T00:00:01Z",
        "config": container,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "history": [{"created": "1970-01-01T00:00:01Z", "created_by": "tests.cluster.app.image"}],
    }


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = LONG_AGO
    return entry


def _member(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), LONG_AGO, 0o644
    tar.addfile(entry, io.BytesIO(content))
