"""The options that several commands share, spelled as kubectl spells them."""

from enum import StrEnum
from typing import Annotated

import typer


class Output(StrEnum):
    """The formats of `-o` for most commands."""

    TEXT = "text"
    JSON = "json"


PlanFile = Annotated[str, typer.Argument(metavar="FILE", help="The plan, or - for standard input.")]
ContextOption = Annotated[str, typer.Option("--context", metavar="NAME", help="The kubeconfig context to use.")]
Namespace = Annotated[
    str, typer.Option("--namespace", "-n", metavar="NAME", help="The namespace; must agree with the plan.")
]
Kubeconfig = Annotated[str, typer.Option("--kubeconfig", metavar="FILE", help="The kubeconfig to use.")]
AppArgument = Annotated[str, typer.Argument(metavar="APP", help="The application: its Rollout, and its namespace.")]
AppNamespace = Annotated[
    str, typer.Option("--namespace", "-n", metavar="NAME", help="The namespace, where it is not APP.")
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; recorded with who and when.")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Write the plan to a new file.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file of --out.")]
Timeout = Annotated[str, typer.Option("--timeout", metavar="DURATION", help="For all of it, such as 20m.")]
RecordFile = Annotated[
    str, typer.Option("--record", metavar="FILE", help="Record what was seen, redacted, for a replay.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything but the write.")]
Hash = Annotated[
    str, typer.Option("--hash", metavar="HASH", help="The revision that you were shown; refused if another is there.")
]
OutputFormat = Annotated[Output, typer.Option("--output", "-o", help="text, or one JSON document.")]
