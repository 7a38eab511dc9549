"""`cutover rbac`: the rights that a run of a plan takes, as a Role."""

from enum import StrEnum
from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import PlanFile
from cutover.cli.shared.output import say


class RoleOutput(StrEnum):
    """The formats of `cutover rbac -o`."""

    YAML = "yaml"


RoleFormat = Annotated[RoleOutput, typer.Option("--output", "-o", help="yaml, for kubectl.")]
Minimal = Annotated[bool, typer.Option("--minimal", help="Only what a run cannot do without.")]

EPILOG = """\b
Examples:
  cutover rbac plan.yaml
  cutover rbac plan.yaml --minimal | kubectl apply -f -
  cutover rbac - < plan.yaml
Without an optional right a run goes on; C094 names the evidence that it will lack.
"""


def rbac(file: PlanFile, *, minimal: Minimal = False, output: RoleFormat = RoleOutput.YAML) -> None:
    """Print the Role that a run of a plan takes.

    Each rule says what it is for. Needs no cluster; whom the Role is bound to is yours to fill in.
    """
    with guarded(output, "CutoverRole"):
        from cutover.commands.load_plan import load_plan
        from cutover.core.checks.required_rights import rights_of, rules_of
        from cutover.render.role import role_yaml

        plan = load_plan(file)
        wanted = (right for right in rights_of(plan) if right.required or not minimal)
        say(role_yaml(plan, rules_of(wanted)), line=False)
