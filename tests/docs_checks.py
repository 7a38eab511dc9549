"""docs/checks.md from the catalogue: `make docs-checks` writes its table anew, a test holds the two together."""

import re
from pathlib import Path
from typing import Final

from cutover.core.checks.catalogue import PAGES, Page

FILE: Final = Path(__file__).parents[1] / "docs" / "checks.md"
TABLE: Final = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end -->)", re.DOTALL)


def pages_markdown(pages: tuple[Page, ...]) -> str:
    """Return the table of docs/checks.md."""
    head = "| Code | Severity | Title | It is there when | What to do |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(f"| {' | '.join(_cells(page))} |\n" for page in pages)


def _cells(page: Page) -> tuple[str, ...]:
    cells = (page.code, page.severity.value, page.title, page.when, page.remedy)
    return tuple(cell.replace("|", "\\|") for cell in cells)


def page() -> str:
    """The page as it has to be."""
    return TABLE.sub(lambda _: pages_markdown(PAGES), FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
