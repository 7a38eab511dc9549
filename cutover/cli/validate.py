"""`cutover validate`: a plan without a cluster."""

import typer

from cutover.cli.exits import guarded
from cutover.cli.options import Output, OutputFormat, PlanFile

EPILOG = """\b
Examples:
  cutover validate plan.yaml
  cutover validate - < plan.yaml
  cutover validate plan.yaml -o json
"""


def validate(file: PlanFile, output: OutputFormat = Output.TEXT) -> None:
    """Name everything that is wrong with a plan.

    Each problem comes with its line and path, all at once. Needs no cluster.
    """
    with guarded(output, "CutoverValidation"):
        from cutover.core.plan.load import load_bytes
        from cutover.edge.planfile import read_plan
        from cutover.render.problems_json import valid_json

        plan = load_bytes(read_plan(file), file)
        sentence = f"{file}: plan {plan.name} is valid; rollout {plan.target}, changes: {len(plan.changes)}"
        typer.echo(valid_json(plan.name, plan.digest) if output is Output.JSON else sentence, nl=output is Output.TEXT)
