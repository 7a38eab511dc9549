"""Prints what a command says. Nothing that comes from the cluster, a file or the command line moves a terminal."""

import typer

from cutover.core.base.harmless_text import harmless


def say(text: str, *, line: bool = True, err: bool = False) -> None:
    """Print a text on standard output, or with `err` on standard error; `line` ends it with a line feed."""
    typer.echo(harmless(text), nl=line, err=err)
