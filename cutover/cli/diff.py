"""`cutover diff`: what a plan would change, and what stands against it."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cutover.cli.exits import guarded
from cutover.cli.options import Context, Kubeconfig, Namespace, PlanFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cutover.core.diff import Diff


class DiffOutput(StrEnum):
    """What goes to standard output."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    YAML = "yaml"
    PATCH = "patch"
    KUSTOMIZE = "kustomize"


DiffFormat = Annotated[
    DiffOutput,
    typer.Option(
        "--output", "-o", help="text; one JSON document; a comment for a pull request; or the change for other tools."
    ),
]

EPILOG = """\b
Examples:
  cutover diff plan.yaml               for a reviewer
  cutover diff plan.yaml -o json       for a machine
  cutover diff plan.yaml -o markdown   as a comment on a pull request; its first line is a marker to replace it by
  cutover diff plan.yaml -o yaml       the changed YAML alone, like kubectl diff
  cutover diff plan.yaml -o patch      the JSON Patch, and -o kustomize the same for a kustomization
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
    output: DiffFormat = DiffOutput.TEXT,
) -> None:
    """Show a plan against the live spec, for review.

    With everything that the checks find. Writes nothing.
    """
    with guarded(output, "CutoverDiff"):
        text, differs = _diff(file, (kubeconfig, context, namespace), output)
        typer.echo(text, nl=False)
        raise typer.Exit(_differences_found() if exit_code and differs else 0)


def _diff(file: str, cluster: tuple[str, str, str], output: DiffOutput) -> tuple[str, bool]:
    from cutover.core.diff import diff_of
    from cutover.run.prepare import Where, prepare

    ground = prepare(file, Where(*cluster))
    found = diff_of(
        ground.plan,
        ground.snapshot.target,
        ground.edits,
        ground.findings,
        ground.redactor,
        forecast=ground.forecast,
        coverage=ground.coverage,
        way_back=ground.way_back,
    )
    return _renderers()[output](found), found.differs


def _renderers() -> "Mapping[DiffOutput, Callable[[Diff], str]]":
    from cutover.render import diff_json, diff_markdown, diff_patches, diff_text

    return {
        DiffOutput.TEXT: diff_text.diff_text,
        DiffOutput.JSON: diff_json.diff_json,
        DiffOutput.MARKDOWN: diff_markdown.diff_markdown,
        DiffOutput.YAML: diff_patches.diff_yaml,
        DiffOutput.PATCH: diff_patches.diff_patch,
        DiffOutput.KUSTOMIZE: diff_patches.diff_kustomize,
    }


def _differences_found() -> int:
    from cutover.core.endings import DIFFERENCES_FOUND

    return DIFFERENCES_FOUND
