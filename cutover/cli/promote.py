"""`cutover promote`: let a canary go on."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import (
    AppArgument,
    AppNamespace,
    ContextOption,
    DryRun,
    Hash,
    Kubeconfig,
    Output,
    OutputFormat,
    ReasonOption,
    Timeout,
)
from cutover.cli.shared.screen import progress, show

EPILOG = """\b
Examples:
  cutover promote payments                      past one pause
  cutover promote payments --hash 78d9c6b5f     only if it still is this revision
  cutover promote payments --full               past every pause and every analysis
  cutover promote payments --dry-run            whether it could be done
\b
Exit codes: 0 done, 3 nothing to promote, 4 another revision is there, 11 no effect was seen.
"""


def promote(
    app: AppArgument,
    *,
    full: Annotated[bool, typer.Option("--full", help="Past every pause and analysis.")] = False,
    shown: Hash = "",
    reason: ReasonOption = "",
    dry_run: DryRun = False,
    timeout: Timeout = "5m",
    namespace: AppNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Let a canary go on: past one pause, or all the way.

    Guarded by the revision that was shown, and done only when the controller was seen to go on.
    """
    with guarded(output, "CutoverReport"):
        from cutover.cli.shared.timeouts import timeout_seconds
        from cutover.commands.connect import AppFlags as Named
        from cutover.commands.promote_retry import ActionRequest, act
        from cutover.core.engine.promote_retry import ActionVerb

        asked = ActionRequest(
            ActionVerb.PROMOTE_FULL if full else ActionVerb.PROMOTE, shown, reason, timeout_seconds(timeout), dry_run
        )
        with progress() as screen:
            report = act(Named(app, namespace, kubeconfig, context), asked, (screen.tell,))
        show(report, output)
        raise typer.Exit(report.exit_code)
