"""`cutover check`: everything that stands against a plan, and nothing else."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import ContextOption, Kubeconfig, Namespace, PlanFile
from cutover.cli.shared.output import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cutover.core.review.report import Report


class CheckOutput(StrEnum):
    """The formats of `cutover check -o`."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


CheckFormat = Annotated[
    CheckOutput, typer.Option("--output", "-o", help="text; one JSON document; or SARIF, for a code host.")
]

EPILOG = """\b
Examples:
  cutover check plan.yaml
  cutover check plan.yaml -o json
  cutover check plan.yaml -o sarif > cutover.sarif
Exits with 3 where `cutover apply` would refuse the plan. `cutover explain CODE` tells more.
"""


def check(
    file: PlanFile,
    *,
    context: ContextOption = "",
    namespace: Namespace = "",
    kubeconfig: Kubeconfig = "",
    output: CheckFormat = CheckOutput.TEXT,
) -> None:
    """Print what the checks, the rights and admission say of a plan.

    The same as `cutover apply --dry-run` finds. Writes nothing.
    """
    with guarded(output, "CutoverFindings"):
        from cutover.commands.apply import ApplyOptions, apply
        from cutover.commands.connect import ClusterFlags

        report = apply(ApplyOptions(file, ClusterFlags(kubeconfig, context, namespace), dry_run=True))
        say(_renderers()[output](report), line=False)
        raise typer.Exit(report.exit_code)


def _renderers() -> "Mapping[CheckOutput, Callable[[Report], str]]":
    from cutover.render import findings

    return {
        CheckOutput.TEXT: findings.findings_text,
        CheckOutput.JSON: findings.findings_json,
        CheckOutput.SARIF: findings.findings_sarif,
    }
