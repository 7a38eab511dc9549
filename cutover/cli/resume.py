"""`cutover resume`: finish what a dead process began."""

from typing import Annotated

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
    RecordFile,
    Timeout,
)
from cutover.cli.shared.screen import progress, show

EPILOG = """\b
Examples:
  cutover resume payments                    the Rollout payments in the namespace payments
  cutover resume payments -n shop -o json    the report as one document
  cutover resume payments --follow           keep watching at a pause until it ends
  cutover resume payments --dry-run          say what is left, and write nothing
\b
Exit codes: those of the run; 0 where nothing is left, 5 while another process holds the run and lives.
"""


def resume(
    app: AppArgument,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Keep watching at a pause until it ends.")] = False,
    dry_run: DryRun = False,
    timeout: Timeout = "",
    record: RecordFile = "",
    namespace: AppNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Finish a run whose process died, from any machine.

    Needs neither the plan file nor the machine that began it: the run left its marks on the Rollout. Where there is
    nothing to finish, nothing is written.
    """
    with guarded(output, "CutoverReport"):
        from cutover.cli.shared.timeouts import timeout_seconds
        from cutover.commands.connect import AppFlags as Named
        from cutover.commands.resume import resume as finish_run
        from cutover.commands.run_setup import recorder_of

        named = Named(app, namespace, kubeconfig, context)
        with progress() as screen:
            report = finish_run(
                named,
                timeout=timeout_seconds(timeout),
                follow=follow,
                dry_run=dry_run,
                recorder=recorder_of(record),
                listeners=(screen.tell,),
            )
        show(report, output)
        raise typer.Exit(report.exit_code)
