import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(path: Path, waiting_for: str) -> Iterator[None]:
    """Hold a file lock: the kernel frees it when its holder dies, however that happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another process: {waiting_for}", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
