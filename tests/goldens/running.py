"""Running many command lines soon: the program is loaded once, and every case is a fork of it."""

import gc
import importlib
import io
import os
import pickle
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from cutover.__main__ import main
from tests.goldens.case import CaseOutput, GoldenCase, Group
from tests.goldens.normal import Normaliser

WORKERS: Final = 2
SECONDS: Final = 60
"""What takes longer is ended, and its exit code says so."""

WARM: Final = 120
"""So many different kinds of command line are tried to see what the program loads."""

_leave: Final = os._exit


def run_all(groups: Sequence[Group], folder: Path) -> dict[str, dict[str, CaseOutput]]:
    """What every case did; the groups are run in folders below this one, by two processes."""
    _load_what_is_used(groups, folder)
    gc.collect()
    gc.freeze()
    queue, kept = _queue(len(groups)), [folder / f"results-{number}" for number in range(WORKERS)]
    workers = [_fork(partial(_work, groups, queue, folder, file)) for file in kept]
    for worker in workers:
        if os.waitpid(worker, 0)[1]:
            raise SystemExit("a worker of the goldens failed; its trace is above")
    results: dict[str, dict[str, CaseOutput]] = {}
    for file in kept:
        results |= pickle.loads(file.read_bytes())  # noqa: S301 -- written by our own fork
    return results


def apart(build: Callable[[], Any], folder: Path) -> Any:
    """What a function returns, called in a fork: what it loads does not stay here."""
    kept = folder / "apart"
    if os.waitpid(_fork(lambda: kept.write_bytes(pickle.dumps(build()))), 0)[1]:
        raise SystemExit("the goldens' inputs could not be made; the trace is above")
    return pickle.loads(kept.read_bytes())  # noqa: S301 -- written by our own fork


def _queue(number: int) -> int:
    """A pipe with a number of two bytes for each group: whoever is free takes the next."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(index.to_bytes(2, "big") for index in range(number)))
    os.close(writing)
    return reading


def _fork(call: Callable[[], Any]) -> int:
    """The process that makes the call; it ends with 1 and a trace where the call fails."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        call()
        code = 0
    except BaseException:  # noqa: BLE001 -- nothing of this process may go on in the place of its parent
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        _leave(code)


def _load_what_is_used(groups: Iterable[Group], folder: Path) -> None:
    """Load all modules that one case of each kind loads, whatever they are called.

    The cases are run in a process of their own, so that nothing here has been used before.
    """
    kinds: dict[tuple[str, ...], tuple[Group, GoldenCase]] = {}
    for group in groups:
        for each in group.cases:
            kinds.setdefault((group.section, *each.arguments[:1], *each.arguments[-1:]), (group, each))
    loaded: list[str] = apart(lambda: _loaded_by(list(kinds.values())[:WARM], folder), folder)
    for name in loaded:
        if name not in sys.modules and name != "__main__":
            importlib.import_module(name)


def _loaded_by(cases: Iterable[tuple[Group, GoldenCase]], folder: Path) -> list[str]:
    names: dict[str, None] = {}
    for group, each in cases:
        home = _prepared(group, folder / "warm")
        reading, writing = os.pipe()

        def tell(code: int, writing: int = writing) -> NoReturn:
            with os.fdopen(writing, "w") as pipe:
                pipe.write("\n".join(list(sys.modules)))
            _leave(code)

        pid = _fork(partial(_become, each, home, tell))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            names |= dict.fromkeys(pipe.read().split("\n"))
        os.waitpid(pid, 0)
        shutil.rmtree(home.parent)
    return [name for name in names if name]


def _work(groups: Sequence[Group], queue: int, folder: Path, kept: Path) -> None:
    """Run groups until there is none left."""
    results = {}
    while taken := os.read(queue, 2):
        group = groups[int.from_bytes(taken, "big")]
        home = _prepared(group, folder / f"worker-{os.getpid()}")
        results[group.name] = {each.name: _seen(each, home) for each in group.cases}
        shutil.rmtree(home.parent)
    kept.write_bytes(pickle.dumps(results))


def _prepared(group: Group, folder: Path) -> Path:
    """Write the group's files to a folder; the home beside it."""
    work = folder / "work"
    work.mkdir(parents=True)
    for name, content in group.files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(content)
    return folder / "home"


def _seen(each: GoldenCase, home: Path) -> CaseOutput:
    """Run a case and say what it did."""
    home.mkdir()
    status = os.waitpid(_fork(lambda: _become(each, home, _leave)), 0)[1]
    code = os.waitstatus_to_exitcode(status)
    normal = Normaliser({str(home): "<home>", str(home.parent): "<folder>"})
    kept = home.parent / "work" / each.keeps
    seen = CaseOutput(
        code=str(code) if code >= 0 else signal.Signals(-code).name,
        out=normal.text((home.parent / "out").read_bytes()),
        err=normal.text((home.parent / "err").read_bytes()),
        kept=normal.text(kept.read_bytes()) if each.keeps and kept.exists() else "",
        left=normal.text("\n".join(_files(home)).encode()),
    )
    kept.unlink() if each.keeps and kept.exists() else None
    shutil.rmtree(home)
    return seen


def _files(home: Path) -> list[str]:
    return sorted(str(file.relative_to(home)) for file in home.rglob("*") if file.is_file())


def _become(each: GoldenCase, home: Path, leave: Callable[[int], NoReturn]) -> NoReturn:
    """Be the program from here on, with streams, folder and environment of its own."""
    _use_streams(each, home.parent)
    os.chdir(home.parent / "work")
    os.environ.clear()
    os.environ.update(_environment(home))
    sys.argv = ["cutover", *each.arguments]
    signal.alarm(SECONDS)
    os._exit = leave  # type: ignore[assignment]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 -- what the interpreter does with an exception that nobody catches
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    leave(code)


def _use_streams(each: GoldenCase, folder: Path) -> None:
    """Lead the file descriptors 0, 1 and 2 to files, with the streams that Python opens on files."""
    (folder / "in").write_bytes(each.stdin)
    for number, (name, flags) in enumerate(_STREAMS):
        file = os.open(folder / name, flags, 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout = _text(0, "rb"), _text(1, "wb")
    sys.stderr = _text(2, "wb", errors="backslashreplace", line_buffering=True)


def _text(number: int, mode: str, *, errors: str = "strict", line_buffering: bool = False) -> io.TextIOWrapper:
    file = open(number, mode, closefd=False)  # noqa: SIM115 -- it stays open until the process ends
    return io.TextIOWrapper(file, encoding="utf-8", errors=errors, line_buffering=line_buffering)


_WRITTEN: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_STREAMS: Final = (("in", os.O_RDONLY), ("out", _WRITTEN), ("err", _WRITTEN))


def _environment(home: Path) -> dict[str, str]:
    """The same for every case, on every machine."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "COLUMNS": "120",
        "TERM": "dumb",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "KUBECONFIG": str(home / "there-is-none"),
        "B": "c2VlZA",
        "DB_USER": "app",
    }
