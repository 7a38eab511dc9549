"""The command line and its list of commands. What a command needs is loaded only when it runs, so --help is instant."""

from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from typing import Final

import typer
from typer.exceptions import TyperException

from cutover.cli.shared.error_handling import wrong_command_line
from cutover.cli.shared.options import Output
from cutover.cli.shared.output import say
from cutover.cli.shared.streams import steady_streams
from cutover.core.base.outcomes import EXIT_CODES, Outcome

HELP = """\
Move a running application to another database, another Keycloak or another environment through its Argo Rollouts
canary, so that a wrong value never reaches a user.
"""

EPILOG = """\b
Examples:
  cutover init payments --set FEATURE_X=on   a plan to begin with, from the live Rollout
  cutover validate plan.yaml                 every problem of a plan, without a cluster
  cutover diff plan.yaml                     what would change; nothing is written
  cutover apply plan.yaml                    write it, watch it, go back if it fails
  cutover resume payments                    finish a run whose process died
  cutover abort payments                     take a canary back, whatever else is broken
  cutover status payments                    how the Rollout stands
"""

_JSON: Final = (("-o", "json"), ("--output", "json"))

COMMANDS: Final = (
    "init",
    "validate",
    "diff",
    "check",
    "apply",
    "resume",
    "abort",
    "promote",
    "retry",
    "undo",
    "status",
    "runs",
    "gc",
    "rbac",
    "explain",
    "schema",
    "version",
)
"""The names of all commands. Each is the name of a module, and of the function in it; the module has its `EPILOG`."""


def application(*names: str) -> typer.Typer:
    """Return the command line with these commands."""
    app = typer.Typer(
        name="cutover",
        help=HELP,
        epilog=EPILOG,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_nothing)
    for name in names:
        module = import_module(f"cutover.cli.{name}")
        app.command(epilog=module.EPILOG)(getattr(module, name))
    return app


def _nothing() -> None:
    """Do nothing: typer needs a callback, or an application with one command would not take the command's name."""


def _wanted(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the one command that is named, else all. Loading all of them takes longer than some of them run."""
    return tuple(arguments[:1]) if arguments and arguments[0] in COMMANDS else COMMANDS


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code; a wrong command line is `invalid` (2)."""
    steady_streams()
    command = typer.main.get_command(application(*_wanted(arguments)))
    try:
        code = command.main(list(arguments), prog_name="cutover", standalone_mode=False)
    except TyperException as error:
        if not arguments:  # then the message is the help
            say(error.format_message(), err=True)
            return EXIT_CODES[Outcome.INVALID]
        return wrong_command_line(error, Output.JSON if _asks_for_json(arguments) else Output.TEXT)
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_CODES[Outcome.INTERRUPTED]
    return code if isinstance(code, int) else 0


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line that could not be understood asks for JSON."""
    pairs = pairwise(("", *arguments))
    return any(word in ("-ojson", "--output=json") or (before, word) in _JSON for before, word in pairs)
