"""Prints pages of the catalogue of checks: as text, as the table of docs/checks.md, and as JSON."""

import textwrap
from typing import Any, Final

from cutover.core.checks.catalogue import Page
from cutover.render.json_parts import document_text

WIDTH: Final = 100

_MEANING: Final = {
    "refuse": "the command ends with exit code 3, and nothing is written",
    "warn": "the run goes on; diff and report say it",
    "info": "diff and report say it",
}


def page_text(page: Page) -> str:
    """Return one page as text, with a line break at its end."""
    accept = f'`allow: [{{code: {page.code}, reason: "…"}}]` in the plan' if page.acceptable else "no plan"
    parts = (
        f"{page.code}: {page.title}",
        f"{page.severity}: {_MEANING[page.severity]}",
        *page.why.split("\n\n"),
        f"When: {page.when}.",
        f"What to do: {page.remedy}.",
        f"Accepted by: {accept}.",
    )
    return "\n\n".join(textwrap.fill(" ".join(part.split()), WIDTH, break_on_hyphens=False) for part in parts) + "\n"


def pages_text(pages: tuple[Page, ...]) -> str:
    """Return one line for each page: code, severity, title."""
    return "".join(f"{page.code}  {page.severity:6}  {page.title}\n" for page in pages)


def pages_json(pages: tuple[Page, ...]) -> str:
    """Return one JSON document, with a line break at its end."""
    return document_text("CutoverChecks", {"checks": [_document(page) for page in pages]})


def _document(page: Page) -> dict[str, Any]:
    return {
        "code": page.code,
        "severity": page.severity.value,
        "title": page.title,
        "why": page.why,
        "when": page.when,
        "remedy": page.remedy,
        "acceptable": page.acceptable,
    }
