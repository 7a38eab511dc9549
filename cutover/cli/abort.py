"""`cutover abort`: take a canary back, whatever else is broken."""

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import (
    AppArgument,
    AppNamespace,
    ContextOption,
    DryRun,
    Kubeconfig,
    Output,
    OutputFormat,
    ReasonOption,
)
from cutover.cli.shared.screen import progress, show

EPILOG = """\b
Examples:
  cutover abort payments                             now
  cutover abort payments --reason "wrong database"   recorded with who and when
  cutover abort payments --dry-run                   say what would be done
\b
Exit codes: 10 held (a run of cutover), 0 aborted or nothing to abort, 11 a human is needed.
"""


def abort(
    app: AppArgument,
    *,
    reason: ReasonOption = "",
    dry_run: DryRun = False,
    namespace: AppNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Take a canary back and prove that stable serves.

    Of a run of cutover: abort, put the old values back, verify. Of anybody else's: Argo's own abort, verified. Needs no
    plan, no journal and no lock, and waits for nobody.
    """
    with guarded(output, "CutoverReport"):
        from cutover.commands.abort import abort as take_back
        from cutover.commands.connect import AppFlags as Named

        named = Named(app, namespace, kubeconfig, context)
        with progress() as screen:
            report = take_back(named, reason=reason, dry_run=dry_run, listeners=(screen.tell,))
        show(report, output)
        raise typer.Exit(report.exit_code)
