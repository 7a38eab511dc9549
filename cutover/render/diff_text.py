"""A plan against the live spec as text, for a reviewer: what, where, how much, each edit, and what to type next."""

from collections.abc import Iterable, Iterator

from cutover.core.coverage import Coverage
from cutover.core.diff import Diff, Entry
from cutover.core.forecast import Forecast, NoForecast
from cutover.core.hunks import hunks


def diff_text(diff: Diff) -> str:
    """The whole diff, with a line break at its end."""
    sections = (
        _head(diff),
        _section("Environment", _rows(diff.entries)),
        _section("What will happen", _happens(diff.forecast)),
        _section("What would notice a bad value", _noticed(diff.coverage)),
        _section("Findings", (line for finding in diff.findings for line in finding.lines)),
        _section("Notes", diff.notes),
        _section("Spec", hunks(diff)),
        _closing(diff),
    )
    return "\n".join(section for section in sections if section)


def _head(diff: Diff) -> str:
    where = f" in context {diff.target.context}" if diff.target.context else ""
    return f"plan {diff.plan.name} on rollout {diff.target}{where}: {diff.size}\n  {diff.counts}\n"


def _section(title: str, lines: Iterable[str]) -> str:
    body = "".join(f"  {line}\n" for line in lines)
    return f"{title}\n{body}" if body else ""


def _rows(entries: tuple[Entry, ...]) -> Iterator[str]:
    """One line per edit, in columns."""
    homes = [f"{entry.container} (init)" if entry.init else entry.container for entry in entries]
    wide, long = max(map(len, homes), default=0), max((len(entry.variable) for entry in entries), default=0)
    for home, entry in zip(homes, entries, strict=True):
        yield f"{home:{wide}}  {entry.variable:{long}}  {entry.before} → {entry.after}"


def _happens(forecast: Forecast | NoForecast) -> Iterator[str]:
    """One line per step, in columns, and what holds for all of them; nothing where nothing can be said."""
    if isinstance(forecast, NoForecast):
        return
    wide = max(len(stage.name) for stage in forecast.stages)
    for index, stage in enumerate(forecast.stages):
        yield f"{index:2}  {stage.name:{wide}}  {stage.canary} canary, {stage.stable} stable  {stage.then}"
    yield forecast.bound
    yield from forecast.notes


def _noticed(coverage: tuple[Coverage, ...]) -> Iterator[str]:
    """One line per class of failure, those that nothing would notice too."""
    for row in coverage:
        yield f"{row.letter} {row.covered.value:6}  {row.title}: {row.by}"


def _closing(diff: Diff) -> str:
    if not diff.differs:
        return "The live spec already is what the plan wants. Nothing was written.\n"
    if diff.refused:
        return f"Nothing was written. `cutover apply` would refuse this plan: {diff.refused_codes}.\n"
    file = diff.plan.file or "PLAN"
    return f"Nothing was written. Next: cutover apply {file} --dry-run, then cutover apply {file}\n"
