"""The question at the terminal: whatever happens to the terminal, an answer is posted."""

import io
import sys
from queue import SimpleQueue

import pytest

from cutover.adapters.stop_prompt import ask_whether_to_stop
from cutover.core.engine.observation import OperatorRequest


class AnsweringTerminal:
    """A terminal that says this, or hangs up while the question is open."""

    def __init__(self, answer: str | OSError | ValueError) -> None:
        self._answer = answer

    def readline(self) -> str:
        """A line, or what a read of it raises."""
        if isinstance(self._answer, str):
            return self._answer
        raise self._answer


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        ("n\n", OperatorRequest.GO_ON),
        (" No \n", OperatorRequest.GO_ON),
        ("y\n", OperatorRequest.ABORT),
        ("\n", OperatorRequest.ABORT),
        ("", OperatorRequest.ABORT),
        ("never\n", OperatorRequest.ABORT),
        (OSError(5, "Input/output error"), OperatorRequest.ABORT),
        (ValueError("I/O operation on closed file"), OperatorRequest.ABORT),
    ],
)
def test_only_a_clear_no_goes_on_and_a_terminal_that_hangs_up_means_yes(
    answer: str | OSError | ValueError, means: OperatorRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", AnsweringTerminal(answer))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    posted: SimpleQueue[OperatorRequest] = SimpleQueue()
    ask_whether_to_stop(posted.put)
    assert posted.get(timeout=10) is means
