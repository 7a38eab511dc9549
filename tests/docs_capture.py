"""`make docs-capture`: run the README's examples for real and put what they print between its markers."""

import re
import sys
from pathlib import Path
from typing import Final

from tests.cluster.bed import Bed
from tests.scenario import RATE, Said, view

README: Final = Path(__file__).parents[1] / "README.md"


def main() -> int:
    """Rewrite every captured block of the README."""
    text = README.read_text()
    for name, block in _captured().items():
        text = put(text, name, block)
    README.write_text(text)
    print(f"captured into {README}")
    return 0


def put(text: str, name: str, block: str) -> str:
    """The text with the block between the markers `<!-- capture: NAME -->` and `<!-- end -->`."""
    marked = re.compile(rf"(<!-- capture: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    replaced, times = marked.subn(lambda found: f"{found[1]}```\n{block.rstrip()}\n```\n{found[2]}", text)
    if times != 1:
        raise ValueError(f"the README has {times} blocks named {name!r}")
    return replaced


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
