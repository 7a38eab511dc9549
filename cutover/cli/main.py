"""The command line: which commands there are. What a command needs is loaded when it runs: --help is instant."""

import typer

from cutover.cli import apply, diff, status, validate, version
from cutover.core.endings import EXIT_CODES, Outcome

HELP = """\
Move a running application to another database, another Keycloak or another environment through its Argo Rollouts
canary, so that a wrong value never reaches a user.
"""

EPILOG = """\b
Examples:
  cutover validate plan.yaml     every problem of a plan, without a cluster
  cutover diff plan.yaml         what would change; nothing is written
  cutover apply plan.yaml        write it, watch it, go back if it fails
  cutover status payments        how the Rollout stands
"""

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
app.command(epilog=validate.EPILOG)(validate.validate)
app.command(epilog=diff.EPILOG)(diff.diff)
app.command(epilog=apply.EPILOG)(apply.apply)
app.command(epilog=status.EPILOG)(status.status)
app.command(epilog=version.EPILOG)(version.version)


def run() -> int:
    """Run the command line and return the exit code; a wrong command line is `invalid` (2)."""
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except KeyboardInterrupt:
        return EXIT_CODES[Outcome.INTERRUPTED]
    return 0
