"""`cutover apply`: carry a plan out and watch it to its end."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import (
    ContextOption,
    Kubeconfig,
    Namespace,
    Output,
    OutputFormat,
    PlanFile,
    RecordFile,
)
from cutover.cli.shared.screen import progress, show

EPILOG = """\b
Examples:
  cutover apply plan.yaml --dry-run      everything but the write
  cutover apply plan.yaml                write, watch, and go back if it fails
  cutover apply plan.yaml -o json        progress on stderr, the report on stdout
  cutover apply plan.yaml --timeout 20m  give up, and go back, after 20 minutes
\b
Exit codes: 0 promoted or nothing to change, 2 invalid, 3 refused, 4 stale, 5 locked, 7 unreachable, 10 held on stable,
11 a human is needed, 12 waiting at a pause, 13 superseded, 14 unobservable, 15 contained, 16 reverted, 130 stopped.
"""


def apply(
    file: PlanFile,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but the write.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Keep watching at a pause until it ends.")] = False,
    timeout: Annotated[
        str, typer.Option("--timeout", metavar="DURATION", help="For the whole run, such as 20m; none by default.")
    ] = "",
    record: RecordFile = "",
    context: ContextOption = "",
    namespace: Namespace = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Write a plan and watch it: promoted, or back on stable.

    The write is one guarded patch, and nothing is written before every check has passed. There is no prompt: `apply`
    is the explicit word.
    """
    with guarded(output, "CutoverReport"):
        raise typer.Exit(
            _apply(file, (kubeconfig, context, namespace), timeout, record, output, dry_run=dry_run, follow=follow)
        )


def _apply(
    file: str, cluster: tuple[str, str, str], timeout: str, record: str, output: Output, *, dry_run: bool, follow: bool
) -> int:
    from cutover.cli.shared.timeouts import timeout_seconds
    from cutover.commands.apply import ApplyOptions, apply
    from cutover.commands.connect import ClusterFlags
    from cutover.commands.run_setup import recorder_of

    options = ApplyOptions(file, ClusterFlags(*cluster), dry_run, timeout_seconds(timeout), follow, recorder_of(record))
    with progress() as screen:
        report = apply(options, (screen.tell,))
    show(report, output)
    return report.exit_code
