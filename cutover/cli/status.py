"""`cutover status`: how a Rollout stands, stable first."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import ContextOption, Kubeconfig, Output, OutputFormat
from cutover.cli.shared.output import say

EPILOG = """\b
Examples:
  cutover status payments            the Rollout payments in the namespace payments
  cutover status payments -n shop    in the namespace shop
  cutover status payments -o json    as one JSON document
"""


def status(
    app: Annotated[str, typer.Argument(metavar="APP", help="The application: its Rollout, and its namespace.")],
    namespace: Annotated[
        str, typer.Option("--namespace", "-n", metavar="NAME", help="The namespace, where it is not APP.")
    ] = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Show how an application's Rollout stands.

    Phase, step, and the pods of each revision, stable first.
    """
    with guarded(output, "CutoverStatus"):
        say(_status(app, namespace or app, (kubeconfig, context), output), line=False)


def _status(app: str, namespace: str, cluster: tuple[str, str], output: Output) -> str:
    from cutover.commands.status import look_at
    from cutover.render.status import status_json, status_text

    status = look_at(app, namespace, *cluster)
    return status_json(status) if output is Output.JSON else status_text(status)
