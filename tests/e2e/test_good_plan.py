"""A good plan is promoted, and no user notices."""

import pytest

from tests.e2e.arena import USUAL, Arena

pytestmark = pytest.mark.cluster


@pytest.mark.users
def test_a_good_plan_moves_every_pod_to_the_new_database_without_a_failed_request(arena: Arena) -> None:
    arena.deploy(**USUAL)
    plan = arena.plan(arena.to_secret("payments-db-b"))
    with arena.load(50) as load:
        outcome = arena.applied(plan)
        arena.wait_for_answers_of("db-b")
        result = load.stop()
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "promoted"
    assert outcome.report["spec"] == "promoted"
    assert result.failed == (), result.summary()
    assert set(result.by_database) == {"db-a", "db-b"}, "the load saw the application before and after"
    assert arena.healthy()


def test_promotion_full_goes_all_the_way_at_the_first_pause(arena: Arena) -> None:
    arena.deploy(steps=[{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {}}])
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), promotion="full"))
    assert outcome.code == 0, outcome.told()
    assert arena.healthy()
    arena.wait_for_answers_of("db-b")


def test_promotion_by_steps_stops_at_the_pause_and_a_person_finishes_it(arena: Arena) -> None:
    arena.deploy()
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), promotion="steps"))
    assert outcome.code == 12, outcome.told()
    report = outcome.report
    assert report["spec"] == "left"
    assert "all 1 canary pods of the step are Ready" in report["proven"]
    promote, resume, abort, *others = report["next"]
    assert promote.startswith(f"cutover promote payments -n {arena.namespace}")
    assert resume.startswith(f"cutover resume payments -n {arena.namespace}")
    assert abort.startswith(f"cutover abort payments -n {arena.namespace}")
    assert others[0].startswith(f"kubectl argo rollouts promote payments -n {arena.namespace}")
    assert arena.cutover(*promote.split()[1:]).code == 0
    finished = arena.cutover(*resume.split()[1:])
    assert finished.code == 0, finished.told()
    assert finished.stdout.startswith("PROMOTED")
    arena.wait_for_answers_of("db-b")


def test_follow_keeps_watching_through_the_pause_until_a_person_has_promoted(arena: Arena) -> None:
    arena.deploy()
    running = arena.start(
        "apply", arena.plan(arena.to_secret("payments-db-b"), promotion="steps"), "-o", "json", "--follow"
    )
    running.wait_for_line("step 1 of 4: pause")
    arena.argo("promote", "payments")
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "promoted"


def test_a_literal_is_added_replaced_and_removed_in_one_run(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan(
        '{name: FEATURE_X, value: "on", container: app, from: {value: "off"}}',
        '{name: FEATURE_Y, value: "yes", container: app, mode: add}',
        "{name: LOG_LEVEL, remove: true, allContainers: true}",
    )
    outcome = arena.applied(plan)
    assert outcome.code == 0, outcome.told()
    app = _env(arena.template()["spec"]["containers"][0])
    assert (app["FEATURE_X"], app["FEATURE_Y"]) == ("on", "yes")
    assert "LOG_LEVEL" not in app


def test_nothing_but_the_named_leaf_changes_in_the_spec(arena: Arena) -> None:
    arena.deploy()
    before = arena.rollout()["spec"]
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")))
    assert outcome.code == 0, outcome.told()
    after = arena.rollout()["spec"]
    entry = next(item for item in before["template"]["spec"]["containers"][0]["env"] if item["name"] == "DATABASE_URL")
    entry["valueFrom"]["secretKeyRef"]["name"] = "payments-db-b"
    assert after == before


def _env(container: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {entry["name"]: entry.get("value", "reference") for entry in container["env"]}
