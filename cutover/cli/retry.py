"""`cutover retry`: begin an aborted canary anew."""

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
  cutover retry payments
  cutover retry payments --hash 78d9c6b5f --reason "the database is up again"
  cutover retry payments --dry-run
\b
Exit codes: 0 done, 3 nothing to retry, 4 another revision is there, 11 no effect was seen.
"""


def retry(
    app: AppArgument,
    *,
    shown: Hash = "",
    reason: ReasonOption = "",
    dry_run: DryRun = False,
    timeout: Timeout = "5m",
    namespace: AppNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Begin an aborted canary anew, with the values it has.

    Guarded by the revision that was shown, and done only when the controller was seen to begin.
    """
    with guarded(output, "CutoverReport"):
        from cutover.cli.shared.timeouts import timeout_seconds
        from cutover.commands.connect import AppFlags as Named
        from cutover.commands.promote_retry import ActionRequest, act
        from cutover.core.engine.promote_retry import ActionVerb

        asked = ActionRequest(ActionVerb.RETRY, shown, reason, timeout_seconds(timeout), dry_run)
        with progress() as screen:
            report = act(Named(app, namespace, kubeconfig, context), asked, (screen.tell,))
        show(report, output)
        raise typer.Exit(report.exit_code)
