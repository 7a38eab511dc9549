"""`cutover explain`: what a code means, and what to do."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import Output, OutputFormat
from cutover.cli.shared.output import say

EPILOG = """\b
Examples:
  cutover explain             every code there is, a line each
  cutover explain C019        one of them: why, when, what to do
  cutover explain -o json
"""


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of a finding; all of them without.")] = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Explain the code of a finding.

    Needs no cluster.
    """
    with guarded(output, "CutoverChecks"):
        say(_explained(code.upper(), output), line=False)


def _explained(code: str, output: Output) -> str:
    from cutover.core.base.errors import Problem, UsageError
    from cutover.core.checks.catalogue import BY_CODE, PAGES
    from cutover.render.explain import page_text, pages_json, pages_text

    if code and code not in BY_CODE:
        raise UsageError(Problem(f"there is no code {code}", remedy="`cutover explain` lists them all"))
    pages = (BY_CODE[code],) if code else PAGES
    if output is Output.JSON:
        return pages_json(pages)
    return page_text(*pages) if code else pages_text(pages)
