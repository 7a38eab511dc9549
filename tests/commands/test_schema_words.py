"""Secrets with words of our own schema as values: a run ends as ever, its report keeps its keys, codes and kinds."""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from cutover.core.base.causes import PRECEDENCE, Reaction
from cutover.core.base.outcomes import Attribution, Outcome, SpecState
from cutover.core.engine.observation import EvidenceKind
from cutover.core.engine.state import Phase
from cutover.core.objects.snapshot import Need
from cutover.core.review.report import Report
from cutover.core.writes.write import WriteName
from cutover.render.report_json import report_json
from tests.commands.api import StagedApi, secret, serving
from tests.commands.application import UsualApplication
from tests.commands.test_apply import CRASHES
from tests.core.engine.stage import ClusterStage
from tests.sampling import SEED, WHOLE

ENUMS: Final = (Outcome, Attribution, SpecState, EvidenceKind, Phase, Need, WriteName, Reaction)
OURS: Final = sorted({*(rule.code for rule in PRECEDENCE), *(str(each.value) for kind in ENUMS for each in kind)})
TEXTS: Final = {
    *("message", "text", "missed", "remedy", "title", "where", "allowed", "before", "after", "state"),
    *("proven", "unproven", "next", "said", "reason", "run", "started", "ended", "utc", "elapsed", "plan"),
}
"""Members of a report that hold sentences, or what differs from run to run anyway."""


def ends_good(one: UsualApplication) -> Report:
    one.promotes()
    return one.apply()


def ends_bad(one: UsualApplication) -> Report:
    one.locks()
    one.rollout_writes(lambda: CRASHES, lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,))
    return one.apply()


ENDINGS: Final = {Outcome.PROMOTED: ends_good, Outcome.HELD: ends_bad}


def holding(values: list[str]) -> StagedApi:
    """An API whose Secrets hold these values beside the address that the application reads."""
    api = StagedApi()
    more = {f"k{number}": base64.b64encode(value.encode()).decode() for number, value in enumerate(values)}
    kind = next(kind for kind in api.others if str(kind) == "secrets")
    named = (secret("payments-db-a"), secret("payments-db-b"))
    api.others[kind] = tuple({**each, "data": {**each["data"], **more}} for each in named)
    return api


def frame(value: Any, name: str = "") -> Any:
    """A report without its sentences: keys, codes and kinds. Of what happened in between a run may see more or less."""
    if isinstance(value, dict):
        return {key: "…" if key in TEXTS else frame(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(frame(item), sort_keys=True) for item in value})
    return value if name in {"code", "kind", "outcome", "exitCode", "attribution", "spec", "severity"} else "…"


def words_of(value: Any) -> Iterator[str]:
    """Every key, and every string that is one word, of a report."""
    if isinstance(value, dict):
        yield from value
        yield from (word for item in value.values() for word in words_of(item))
    elif isinstance(value, list):
        yield from (word for item in value for word in words_of(item))
    elif isinstance(value, str) and value.isidentifier():
        yield value


def run(folder: Path, outcome: Outcome, values: list[str]) -> dict[str, Any]:
    folder.mkdir()
    api = holding(values)
    with serving(api, folder) as kubeconfig:
        report = ENDINGS[outcome](UsualApplication(folder, api, kubeconfig))
    assert report.outcome is outcome, report
    document: dict[str, Any] = json.loads(report_json(report))
    return document


@pytest.mark.parametrize("outcome", ENDINGS)
def test_whatever_the_values_of_secrets_are_a_report_keeps_its_keys_codes_and_kinds(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    usual = run(tmp_path / "usual", outcome, [])
    words = sorted({*OURS, *words_of(usual)})
    everything = run(tmp_path / "all", outcome, words)
    assert frame(everything) == frame(usual)
    chance = random.Random(SEED)  # noqa: S311 -- a sample, no secret
    for number in range(20 if WHOLE else 2):
        some = chance.sample(words, 5)
        assert frame(run(tmp_path / f"{number}", outcome, some)) == frame(usual), some
