"""The image is a plain file: the same bytes for the same content, built once, loadable by any runtime."""

import hashlib
import json
import tarfile
from pathlib import Path

from tests.cluster.app import archive, image
from tests.cluster.place import CACHE


def test_the_same_files_make_the_same_layer(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name / "etc"
        folder.mkdir(parents=True)
        for file in ("b", "a") if name == "one" else ("a", "b"):
            (folder / file).write_text(file)
    assert archive.layer(tmp_path / "one") == archive.layer(tmp_path / "two")


def test_an_image_is_built_once() -> None:
    first = image.build(CACHE / "images")
    changed = first.path.stat().st_mtime_ns
    assert image.build(CACHE / "images") == first
    assert first.path.stat().st_mtime_ns == changed


def test_the_archive_is_what_runtimes_expect() -> None:
    built = image.build(CACHE / "images")
    with tarfile.open(built.path) as tar:
        manifest, config, layer = (member(tar, entry) for entry in tar)
    described = json.loads(manifest)[0]
    assert built.reference == described["RepoTags"][0] == f"cutover.dev/payments:{described['Config'][:12]}"
    assert described["Config"] == f"{hashlib.sha256(config).hexdigest()}.json"
    assert json.loads(config)["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(layer).hexdigest()}"]
    assert json.loads(config)["config"]["User"] == "10001:10001"


def member(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(entry)
    assert file is not None
    return file.read()
