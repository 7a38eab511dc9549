"""No secret is in a recording, wherever the run held it; what was equal is equal in it."""

import json
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from cutover.adapters.kube.api_errors import Forbidden
from cutover.core.base.instants import Instant
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead, Observation
from cutover.core.engine.run_spec import run_spec_of
from cutover.core.engine.state import NEVER, start
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.world import World
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import EnvChange, OneContainer
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.containers import env_of
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.recording.line_texts import first_line, line_of
from cutover.core.writes.lock_state import Overdue
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.play import Play
from tests.core.engine.stage import TARGET, WATCH, ClusterStage, crash_looping, opening
from tests.core.recording.recorded_plays import REDACTOR, recording
from tests.recordings.replay import first_state, observations, read

PLANTED = "correct-horse-battery"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
KNOWING = Redactor(b"a key of this run").knowing([SecretText(PLANTED)])


def crashed(stage: ClusterStage) -> ClusterStage:
    return stage.canary_pod(**crash_looping(1, 3, f"no login with {PLANTED}"))


def poisoned(value: Any) -> Any:
    """The value with the secret in every text that it holds."""
    if isinstance(value, World):
        kinds = {kind: tuple(map(poisoned, views.values())) for kind, views in value.objects.items()}
        objects = {kind: {view.meta.name: view for view in views} for kind, views in kinds.items()}
        return replace(value, objects=objects, trouble=dict.fromkeys(WATCHED, f"lost: {PLANTED}"))
    if is_dataclass(value) and not isinstance(value, type):
        told = (field.name for field in fields(value) if field.name not in {"operations", "proof", "words", "body"})
        return replace(value, **{name: poisoned(getattr(value, name)) for name in told})
    if isinstance(value, dict):
        return {key: poisoned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(poisoned, value))
    return f"{value} {PLANTED}" if isinstance(value, str) and not isinstance(value, Enum) else value


def test_no_text_that_a_run_holds_is_written_unredacted() -> None:
    with recording() as recorder:
        Play().starts_a_canary().hears(Evidence(EvidenceKind.LOG, "pod", "app", "log", "why")).sees(crashed).waits(5.0)
        Play().has_a_ready_canary().sees(lambda stage: stage.analysis("Failed")).goes_back()
        Play().begins().loses("cutover")
    bad = [poisoned(replace(one, lock=Overdue("slow"))) for one in recorder.seen]
    state = poisoned(recorder.begun[0])
    assert str(bad).count(PLANTED) > 1000, "the secret is in what is recorded"
    worlds = [World(), *(one.world for one in bad)]
    lines = [line_of(one, before, KNOWING) for one, before in zip(bad, worlds, strict=False)]
    assert PLANTED not in "\n".join((first_line(state, KNOWING), *lines))
    assert "<masked-" in lines[0]


def test_a_password_is_masked_by_the_name_of_its_variable_wherever_its_object_stands() -> None:
    lines = "\n".join(_short_password())
    assert "hunt2" not in lines
    assert "new2" not in lines
    assert "<masked-" in lines


def test_a_masked_literal_is_still_the_one_of_the_template() -> None:
    documents = read(_short_password())
    run_spec, (shown,) = first_state(documents).run_spec, observations(documents)
    rollout = shown.world.rollout("payments")
    assert isinstance(rollout, RolloutView)
    assert rollout.template == run_spec.before != run_spec.after
    (edit,) = run_spec.edits
    assert env_of(run_spec.before, "app", "DB_PASSWORD") == edit.before
    assert env_of(run_spec.after, "app", "DB_PASSWORD") == edit.after != edit.before


def _short_password() -> tuple[str, str]:
    """A run that changes a password too short to be known by its value; its old value stands in an annotation too."""
    template = changed(TEMPLATE, {"spec.containers.0.env.1": {"name": "DB_PASSWORD", "value": "hunt2"}})
    change = EnvChange("DB_PASSWORD", LiteralValue(SecretText("new2")), OneContainer("app"))
    intent = Plan("rotate", TARGET, (change,), digest="0" * 64, watch=WATCH)
    note = json.dumps({"spec": {"template": template}})
    stage = opening().spec(template=template).meta(annotations={"last-applied": note, APPLIED: note})
    edits = resolve(intent, template, REDACTOR)
    run_spec = run_spec_of("run-1", intent, stage.snapshot(), edits, timeout=NEVER, follow=False)
    seen = Observation(Instant(1.0, 1.0), stage.world(1.0))
    assert "hunt2" in str((run_spec.before, seen.world.objects[Resource.ROLLOUT]["payments"].meta.annotations))
    return first_line(start(run_spec, 1.0), REDACTOR), line_of(seen, World(), REDACTOR)


def test_a_denied_read_is_recorded_as_one_that_could_not_be_done() -> None:
    with recording() as recorder:
        Play().begins()
    denied = FreshRead(Forbidden("rollout/payments", "no right"), Instant(1.0, 1.0))
    line = line_of(replace(recorder.seen[0], fresh_reads=(denied,)), World(), REDACTOR)
    (found,) = observations(read((recorder.lines[0], line)))
    assert found.fresh_reads[0].world == ReadFailed("rollout/payments", "no right")
