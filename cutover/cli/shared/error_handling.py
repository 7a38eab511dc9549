"""Ends a command when something is wrong: what is printed, where, and with which exit code.

No traceback ever reaches a user. With `-o json` there is exactly one document on standard output, on early exits too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import typer
from typer.exceptions import TyperException

from cutover.cli.shared.options import Output
from cutover.cli.shared.output import say
from cutover.core.base.errors import CutoverError, Problem
from cutover.core.base.outcomes import EXIT_CODES, Outcome


@contextmanager
def guarded(output: StrEnum, kind: str) -> Iterator[None]:
    """Turn every error of a command into its message and exit code; `kind` names the document that it prints.

    `output` is the command's own choice of formats, each of which has a `json`.
    """
    try:
        yield
    except CutoverError as error:
        from cutover.commands.early_exit import masked

        raise _ended(error.outcome, masked(error.problems), output, kind) from None
    except KeyboardInterrupt:
        from cutover.commands.early_exit import stopped

        outcome, problem = stopped()
        raise _ended(outcome, (problem,), output, kind) from None
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as defect:  # noqa: BLE001 -- a defect of ours: one line on the screen, its trace in a file
        from cutover.commands.early_exit import crashed

        raise _ended(Outcome.ERROR, (crashed(defect),), output, kind) from None


def wrong_command_line(error: TyperException, output: Output) -> int:
    """Say what is wrong with the command line, and return the exit code."""
    lines = error.format_message().splitlines() or ["there is no command"]
    problem = Problem(" ".join(lines), remedy="cutover --help lists the commands, cutover COMMAND --help its options")
    return _ended(Outcome.INVALID, (problem,), output, "CutoverError").exit_code


def _ended(outcome: Outcome, problems: tuple[Problem, ...], output: StrEnum, kind: str) -> typer.Exit:
    code = EXIT_CODES[outcome]
    if output == Output.JSON:
        from cutover.render.problems_json import problems_json

        say(problems_json(kind, outcome, problems), line=False)
    for problem in problems:
        say(str(problem), err=True)
    say(f"{outcome.value} (exit code {code})", err=True)
    return typer.Exit(code)
