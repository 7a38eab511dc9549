"""The catalogue of signals is the folder, and every code that a signal raises has its row in the table of causes."""

from pathlib import Path

import pytest

from cutover.core.base.causes import PRECEDENCE
from cutover.core.base.outcomes import Attribution, Cause
from cutover.core.engine import signals
from cutover.core.engine.signals.sign import SOON, Sign

FOLDER = Path(signals.__file__).parent
NO_SIGNALS = {"__init__", "sign"}


def test_every_file_is_in_the_catalogue_once() -> None:
    files = {file.stem for file in FOLDER.glob("*.py")} - NO_SIGNALS
    names = [signal.name for signal in signals.ALL]
    assert sorted(names) == sorted(files)


@pytest.mark.parametrize("code", [found.code for found in PRECEDENCE])
def test_every_code_is_raised_somewhere(code: str) -> None:
    engine = FOLDER.parent
    sources = [*FOLDER.glob("*.py"), *engine.glob("*.py"), engine.parent / "writes" / "stored_verdict.py"]
    assert any(f'"{code}"' in file.read_text(encoding="utf-8") for file in sources)


def test_a_sign_without_an_attribution_of_its_own_has_that_of_the_table() -> None:
    assert Sign("crash-loop", "p", "said").cause() == Cause(Attribution.CONFIG, "crash-loop", "said")
    quota = Sign("pod-refused", "p", "said", attribution=Attribution.INFRASTRUCTURE)
    assert quota.cause().attribution is Attribution.INFRASTRUCTURE


def test_a_sign_is_certain_from_its_moment_on_and_a_mere_suspicion_never() -> None:
    sign = Sign("deadline", "p", "said", certain_at=10.0)
    assert [sign.certain(moment) for moment in (9.9, 10.0, 11.0)] == [False, True, True]
    assert not Sign("image", "p", "said").certain(1e12)
    assert Sign("image", "p", "said", SOON).certain(0.0)
