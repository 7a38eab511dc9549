"""`cutover apply`: carry a plan out and watch it to its end."""

from typing import TYPE_CHECKING, Annotated

import typer

from cutover.cli.exits import guarded
from cutover.cli.options import Context, Kubeconfig, Namespace, Output, OutputFormat, PlanFile

if TYPE_CHECKING:
    from cutover.core.facts import Recorded
    from cutover.core.report import Report

EPILOG = """\b
Examples:
  cutover apply plan.yaml --dry-run      everything but the write
  cutover apply plan.yaml                write, watch, and go back if it fails
  cutover apply plan.yaml -o json        progress on stderr, the report on stdout
  cutover apply plan.yaml --timeout 20m  give up, and go back, after 20 minutes
\b
Exit codes: 0 promoted or nothing to change, 2 invalid, 3 refused, 4 stale, 7 unreachable, 10 held on stable,
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
    context: Context = "",
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
            _apply(file, (kubeconfig, context, namespace), timeout, output, dry_run=dry_run, follow=follow)
        )


def _apply(
    file: str, cluster: tuple[str, str, str], timeout: str, output: Output, *, dry_run: bool, follow: bool
) -> int:
    from cutover.cli.timeouts import timeout_seconds
    from cutover.run.flow import Order, apply
    from cutover.run.prepare import Where

    order = Order(file, Where(*cluster), dry_run=dry_run, timeout=timeout_seconds(timeout), follow=follow)
    report = apply(order, (tell,))
    show(report, output)
    return report.exit_code


def tell(recorded: "Recorded") -> None:
    """Say on standard error what happened, as it happens."""
    from cutover.render.live import live_line

    if line := live_line(recorded):
        typer.echo(line, err=True)


def show(report: "Report", output: Output) -> None:
    """Print the report, and keep its JSON form with the runs of this machine."""
    from cutover.edge.reports import save_report
    from cutover.render.report_json import report_json
    from cutover.render.report_text import report_text

    document = report_json(report)
    typer.echo(document if output is Output.JSON else report_text(report), nl=False)
    typer.echo(save_report(report.run, document), err=True)
