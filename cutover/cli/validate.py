"""`cutover validate`: plans without a cluster."""

from typing import TYPE_CHECKING, Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import Output, OutputFormat
from cutover.cli.shared.output import say

if TYPE_CHECKING:
    from cutover.core.plan.model import Plan

EPILOG = """\b
Examples:
  cutover validate plan.yaml
  cutover validate plans/*.yaml
  cutover validate - < plan.yaml
  cutover validate plan.yaml -o json
As a hook of pre-commit: the id is cutover-validate.
"""

PlanFiles = Annotated[list[str], typer.Argument(metavar="FILE...", help="The plans, or - for standard input.")]


def validate(files: PlanFiles, output: OutputFormat = Output.TEXT) -> None:
    """Name everything that is wrong with a plan.

    Each problem comes with its line and path, all at once. Needs no cluster.
    """
    with guarded(output, "CutoverValidation"):
        from cutover.commands.load_plan import load_plans
        from cutover.render.problems_json import valid_json

        plans = load_plans(files)
        say(valid_json(plans) if output is Output.JSON else "".join(map(_sentence, plans)), line=False)


def _sentence(plan: "Plan") -> str:
    return f"{plan.file}: plan {plan.name} is valid; rollout {plan.target}, changes: {len(plan.changes)}\n"
