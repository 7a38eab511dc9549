"""Prints a plan's diff as text for a reviewer: what changes where, each edit, and what to type next."""

from collections.abc import Iterable, Iterator

from cutover.core.base.cluster_text import shown
from cutover.core.base.harmless_text import one_line
from cutover.core.review.describe import Entry, Meaning
from cutover.core.review.detection_coverage import Coverage
from cutover.core.review.diff import Diff
from cutover.core.review.forecast import Forecast, NoForecast
from cutover.core.review.yaml_diff import yaml_diff


def diff_text(diff: Diff) -> str:
    """Return the whole diff, with a line break at its end."""
    sections = (
        _head(diff),
        *(_section(meaning.value, _rows(diff.about(meaning))) for meaning in Meaning if meaning is not Meaning.OBJECTS),
        _section(Meaning.OBJECTS.value, _objects(diff)),
        _section("What will happen", _happens(diff.forecast)),
        _section("The way back", (f"{line.word:5}  {shown(line.text)}" for line in diff.way_back)),
        _section("What would notice a bad value", _noticed(diff.coverage)),
        _section("Consumers not in this plan", map(str, diff.consumers)),
        _section("Findings", (line for finding in diff.findings for line in finding.lines)),
        _section("Notes", diff.notes),
        _section("Spec", yaml_diff(diff)),
        _section("JSON Patch", _patch(diff)),
        _closing(diff),
    )
    return "\n".join(section for section in sections if section)


def _head(diff: Diff) -> str:
    where = f" in context {diff.target.context}" if diff.target.context else ""
    return f"plan {one_line(diff.plan.name)} on rollout {diff.target}{where}: {diff.size}\n  {diff.counts}\n"


def _section(title: str, lines: Iterable[str]) -> str:
    body = "".join(f"  {one_line(line)}\n" for line in lines)
    return f"{title}\n{body}" if body else ""


def _rows(entries: tuple[Entry, ...]) -> Iterator[str]:
    """Yield one line per edit, in columns."""
    wide, long = (max((len(getattr(entry, each)) for entry in entries), default=0) for each in ("home", "name"))
    for entry in entries:
        yield f"{entry.home:{wide}}  {entry.name:{long}}  {entry.before} → {entry.after}"


def _objects(diff: Diff) -> Iterator[str]:
    """Yield each copy, the keys that differ in it, and the edits that refer to the copies."""
    for copy in diff.copies:
        head, *keys = copy.lines
        yield head
        yield from (f"  {key}" for key in keys)
    yield from _rows(diff.about(Meaning.OBJECTS))


def _patch(diff: Diff) -> Iterator[str]:
    """Yield how large the patch is and what prints it: a terminal cannot fold it."""
    if diff.patch:
        how = "json" if diff.masked else "patch"
        size = "1 operation" if len(diff.patch) == 1 else f"{len(diff.patch)} operations"
        yield f"{size}; cutover diff {diff.plan.file or 'PLAN'} -o {how} prints them"


def _happens(forecast: Forecast | NoForecast) -> Iterator[str]:
    """Yield one line per step, in columns, then what holds for all of them; nothing if there is no forecast."""
    if isinstance(forecast, NoForecast):
        return
    wide = max(len(stage.name) for stage in forecast.stages)
    for index, stage in enumerate(forecast.stages):
        yield f"{index:2}  {stage.name:{wide}}  {stage.canary} canary, {stage.stable} stable  {stage.then}"
    yield forecast.bound
    yield from forecast.notes


def _noticed(coverage: tuple[Coverage, ...]) -> Iterator[str]:
    """Yield one line per class of failure, those that nothing would notice included."""
    for row in coverage:
        yield f"{row.letter} {row.covered.value:6}  {row.title}: {row.by}"


def _closing(diff: Diff) -> str:
    if not diff.differs:
        return "The live spec already is what the plan wants. Nothing was written.\n"
    if diff.refused:
        return f"Nothing was written. `cutover apply` would refuse this plan: {diff.refused_codes}.\n"
    file = one_line(diff.plan.file or "PLAN")
    return f"Nothing was written. Next: cutover apply {file} --dry-run, then cutover apply {file}\n"
