"""docs/checks.md from the catalogue: `make docs-checks` writes its table anew, a test holds the two together."""

import re
from pathlib import Path
from typing import Final

from cutover.core.checks.catalogue import PAGES
from cutover.render.explain import pages_markdown

FILE: Final = Path(__file__).parents[1] / "docs" / "checks.md"
TABLE: Final = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end -->)", re.DOTALL)


def page() -> str:
    """The page as it has to be."""
    return TABLE.sub(lambda _: pages_markdown(PAGES), FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
