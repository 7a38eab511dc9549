"""`make docs-capture`: run the documents' examples for real and put what they print between their markers."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.cluster.bed import Bed
from tests.scenario import RATE, Said, view

ROOT: Final = Path(__file__).parents[1]
README: Final = ROOT / "README.md"
WALKTHROUGH: Final = ROOT / "docs" / "walkthrough.md"
LEFT_OUT: Final = "…"

_MARKED: Final = re.compile(r"(<!-- capture: ([\w-]+) -->\n)```(\w*)\n(.*?)\n```\n(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Rewrite every captured block: whole runs in the walkthrough, their excerpts in the README."""
    blocks = _captured()
    for page in (README, WALKTHROUGH):
        page.write_text(put(page.read_text(), blocks | excerpts(blocks)))
        print(f"captured into {page}")
    return 0


def put(text: str, blocks: Mapping[str, str]) -> str:
    """The text with each block between its markers `<!-- capture: NAME -->` and `<!-- end -->`."""
    return _MARKED.sub(lambda found: f"{found[1]}```{found[3]}\n{blocks[found[2]].rstrip()}\n```\n{found[5]}", text)


def captured_in(text: str) -> dict[str, str]:
    """What stands between the markers, by its name."""
    return {found[2]: found[4] for found in _MARKED.finditer(text)}


def excerpts(blocks: Mapping[str, str]) -> dict[str, str]:
    """What the README shows of the diff and of the bad run: some of their paragraphs, word for word."""
    return {
        "diff-excerpt": _some(blocks["diff"], "$ ", "Environment", "What will happen"),
        "bad-excerpt": _some(_progress_apart(blocks["bad"]), "$ ", "HELD"),
    }


def _some(block: str, *beginnings: str) -> str:
    """The paragraphs that begin so; a mark stands for what is left out between and after them."""
    lines: list[str] = []
    for paragraph in block.strip().split("\n\n"):
        if paragraph.startswith(beginnings):
            lines += ["", paragraph] if lines and lines[-1] != LEFT_OUT else [paragraph]
        elif lines[-1:] != [LEFT_OUT]:
            lines.append(LEFT_OUT)
    return "\n".join(lines)


def _progress_apart(run: str) -> str:
    """A run with its command, its progress and its report as paragraphs of their own."""
    return re.sub(r"\A(\$ .*)\n((?: .*\n)+)", r"\1\n\n\2\n", run)


def _captured() -> dict[str, str]:
    with view(Bed.up()) as stage:
        plan = (stage.folder / "good.yaml").read_text()
        diff = stage.say("diff", "good.yaml")
        with stage.arena.load(RATE) as load:
            good = stage.say("apply", "good.yaml")
            bad = stage.say("apply", "bad.yaml")
            users = load.stop().summary()
    blocks = {"plan": plan, "diff": _typed(diff), "good": _typed(good), "bad": _typed(bad), "users": users}
    return {name: block.replace(str(stage.folder), "~/.local/state") for name, block in blocks.items()}


def _typed(said: Said) -> str:
    return f"$ {said.command}\n{said.output}"


if __name__ == "__main__":
    sys.exit(main())
