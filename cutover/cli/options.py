"""The options that several commands share, spelled as kubectl spells them."""

from enum import StrEnum
from typing import Annotated

import typer


class Output(StrEnum):
    """What goes to standard output."""

    TEXT = "text"
    JSON = "json"


PlanFile = Annotated[str, typer.Argument(metavar="FILE", help="The plan, or - for standard input.")]
Context = Annotated[str, typer.Option("--context", metavar="NAME", help="The kubeconfig context to use.")]
Namespace = Annotated[
    str, typer.Option("--namespace", "-n", metavar="NAME", help="The namespace; must agree with the plan.")
]
Kubeconfig = Annotated[str, typer.Option("--kubeconfig", metavar="FILE", help="The kubeconfig to use.")]
OutputFormat = Annotated[Output, typer.Option("--output", "-o", help="text, or one JSON document.")]
