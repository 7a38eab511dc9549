"""`cutover diff`: what a plan would change, and what stands against it."""

from typing import Annotated

import typer

from cutover.cli.exits import guarded
from cutover.cli.options import Context, Kubeconfig, Namespace, Output, OutputFormat, PlanFile

EPILOG = """\b
Examples:
  cutover diff plan.yaml               for a reviewer
  cutover diff plan.yaml -o json       for a machine
  cutover diff plan.yaml --exit-code   6 where the plan changes something, 0 where it does not
"""


def diff(
    file: PlanFile,
    *,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 6 if there are differences; findings never change it.")
    ] = False,
    context: Context = "",
    namespace: Namespace = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Show a plan against the live spec, for review.

    With everything that the checks find. Writes nothing.
    """
    with guarded(output, "CutoverDiff"):
        text, differs = _diff(file, (kubeconfig, context, namespace), output)
        typer.echo(text, nl=False)
        raise typer.Exit(_differences_found() if exit_code and differs else 0)


def _diff(file: str, cluster: tuple[str, str, str], output: Output) -> tuple[str, bool]:
    from cutover.core.diff import diff_of
    from cutover.render.diff_json import diff_json
    from cutover.render.diff_text import diff_text
    from cutover.run.prepare import Where, prepare

    ground = prepare(file, Where(*cluster))
    found = diff_of(
        ground.plan, ground.snapshot.target, ground.edits, ground.findings, ground.redactor, forecast=ground.forecast
    )
    return (diff_json if output is Output.JSON else diff_text)(found), found.differs


def _differences_found() -> int:
    from cutover.core.endings import DIFFERENCES_FOUND

    return DIFFERENCES_FOUND
