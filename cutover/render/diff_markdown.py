"""Prints a plan's diff as Markdown, for a comment on a pull request.

The first line is a marker that is the same for every diff of this plan on this Rollout: whoever posts the comment looks
for the marker, and replaces the comment that has it instead of adding another.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from cutover.core.base.cluster_text import shown
from cutover.core.review.diff import Diff
from cutover.core.review.forecast import Forecast, NoForecast
from cutover.core.review.yaml_diff import yaml_diff

LONGEST: Final = 60_000
"""Characters that the text may have; a comment on GitHub may have 65,536."""

WIDEST: Final = 300
"""Characters that a cell of a table may have."""

_ENTITIES: Final = {ord(mark): f"&#{ord(mark)};" for mark in "<>[]*`@#&\\"}
"""Characters with a meaning in Markdown, each with the entity that is written instead."""

_CUT: Final = "… the rest is too long for a comment: `cutover diff` prints it whole"


def diff_markdown(diff: Diff) -> str:
    """Return the whole comment, with a line break at its end."""
    sections = (
        f"<!-- cutover diff: {diff.plan.name} on {diff.target.namespace}/{diff.target.rollout} -->",
        _head(diff),
        _table(("", "about", "container", "what", "now", "planned"), _edits(diff)),
        _list("Config objects", (_escaped(line) for copy in diff.copies for line in copy.lines)),
        _happens(diff.forecast),
        _list("The way back", (f"{line.word}: {_escaped(shown(line.text))}" for line in diff.way_back)),
        _folded_table("What would notice a bad value", ("", "noticed", "class", "by what"), _noticed(diff)),
        _list("Consumers not in this plan", (_escaped(str(consumer)) for consumer in diff.consumers)),
        _list("Findings", (_escaped(" ".join(finding.lines)) for finding in diff.findings)),
        _list("Notes", map(_escaped, diff.notes)),
        _folded("Spec", "diff", "\n".join(yaml_diff(diff))),
        _folded("JSON Patch", "json", _patch(diff)),
        _closing(diff),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(diff: Diff) -> str:
    where = f" in context `{diff.target.context}`" if diff.target.context else ""
    description = f"\n\n{_escaped(diff.plan.description)}" if diff.plan.description else ""
    return f"### Plan `{diff.plan.name}` on rollout `{diff.target}`{where}: {diff.size}\n\n{diff.counts}{description}"


def _patch(diff: Diff) -> str:
    return (
        "[\n" + ",\n".join(f" {json.dumps(op, ensure_ascii=False)}" for op in diff.patch) + "\n]" if diff.patch else ""
    )


def _edits(diff: Diff) -> Iterator[tuple[str, ...]]:
    for entry in diff.entries:
        yield entry.act.value, entry.meaning.value, entry.home, entry.name, entry.before, entry.after


def _happens(forecast: Forecast | NoForecast) -> str:
    if isinstance(forecast, NoForecast):
        return ""
    rows = (
        (str(index), stage.name, str(stage.canary), str(stage.stable), stage.then)
        for index, stage in enumerate(forecast.stages)
    )
    bound = f"{forecast.bound[0].upper()}{forecast.bound[1:]}."
    table = _table(("", "step", "canary", "stable", "what is waited for"), rows)
    return "\n\n".join(
        ("**What will happen**", table, bound, "\n".join(f"- {_escaped(note)}" for note in forecast.notes))
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join((f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines)) if lines else ""


def _noticed(diff: Diff) -> Iterator[tuple[str, ...]]:
    return ((row.letter, row.covered.value, row.title, row.by) for row in diff.coverage)


def _folded_table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    table = _table(head, rows)
    return f"<details><summary>{title}</summary>\n\n{table}\n\n</details>" if table else ""


def _list(title: str, lines: Iterable[str]) -> str:
    body = "\n".join(f"- {line}" for line in lines)
    return f"**{title}**\n\n{body}" if body else ""


def _folded(title: str, language: str, body: str) -> str:
    """Fold a text that few will read. Its fence is longer than any inside the text, so the text cannot end it."""
    if not body:
        return ""
    shown = body if len(body) <= LONGEST // 2 else f"{body[: LONGEST // 2]}\n{_CUT}"
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"<details><summary>{title}</summary>\n\n{fence}{language}\n{shown}\n{fence}\n\n</details>"


def _cell(text: str) -> str:
    """Return the text for a cell of a table; a long one is cut, because the comment shows the spec in full below."""
    shown = text if len(text) <= WIDEST else f"{text[:WIDEST]}…"
    return _escaped(shown).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Return the text without markup: text from plan or cluster must not mention anybody or show a picture."""
    return " ".join(text.split()).translate(_ENTITIES)


def _closing(diff: Diff) -> str:
    if not diff.differs:
        return "The live spec already is what the plan wants. Nothing was written."
    if diff.refused:
        return f"Nothing was written. **`cutover apply` would refuse this plan: {diff.refused_codes}.**"
    return "Nothing was written."
