"""Shows what a command does: its progress while it runs, its report at the end, or the plan that it made."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from cutover.cli.shared.options import Output
from cutover.cli.shared.output import say

if TYPE_CHECKING:
    from cutover.core.engine.facts import RecordedFact
    from cutover.core.review.new_plan import NewPlan
    from cutover.core.review.report import Report

LAST_LINES_WITHIN: Final = 2.0
"""Seconds to wait for the last lines of progress: a terminal that takes no text must not keep the report back."""


class Screen:
    """Prints lines on standard error from a thread of its own, as they come.

    A stopped terminal, or a pipe that is not read, blocks every write to it; only that thread waits, never the run.
    """

    def __init__(self) -> None:
        self._lines: SimpleQueue[str | Event] = SimpleQueue()
        Thread(target=self._work, daemon=True, name="screen").start()

    def tell(self, recorded: "RecordedFact") -> None:
        """Queue the line of a fact to be printed, and return at once; some facts have no line."""
        from cutover.render.progress_line import progress_line

        if line := progress_line(recorded):
            self._lines.put(line)

    def finish(self) -> None:
        """Wait until all lines are printed, for at most `LAST_LINES_WITHIN` seconds."""
        printed = Event()
        self._lines.put(printed)
        printed.wait(LAST_LINES_WITHIN)

    def _work(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, Event):
                line.set()
            else:
                with suppress(Exception):  # the run goes on without its screen
                    say(line, err=True)


@contextmanager
def progress() -> Iterator[Screen]:
    """Open a screen; at the end of the context, also after an error, wait for its last lines."""
    screen = Screen()
    try:
        yield screen
    finally:
        screen.finish()


def show(report: "Report", output: Output) -> None:
    """Print the report, and keep its JSON form with the runs of this machine."""
    from cutover.commands.report import keep_report
    from cutover.render.report_json import report_json
    from cutover.render.report_text import report_text

    document = report_json(report)
    say(document if output is Output.JSON else report_text(report), line=False)
    if report.run:
        say(keep_report(report, document), err=True)


def show_draft(draft: "NewPlan", out: str) -> None:
    """Print a new plan; if it was written to a file, print what it is and what to do next instead."""
    from shlex import quote

    plan = draft.plan
    summary = f"{plan.file}: plan {plan.name} is written; rollout {plan.target}, changes: {len(plan.changes)}"
    say(f"{summary}\nNext: cutover diff {quote(plan.file)}\n" if out else draft.text, line=False)
