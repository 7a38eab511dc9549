"""What a plan accepts by name, and what nobody can accept."""

from dataclasses import replace

import pytest

from cutover.core.checks import ALL, run_all
from cutover.core.checks.allowances import accepted, invalid_allowances, unused
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity, refusals
from cutover.core.engine.facts import data_json
from cutover.core.plan.load import load
from cutover.core.plan.model import Allowance, Plan
from cutover.core.review.run_header import run_header
from tests.core.checks.documents import GONE, Changes, ground
from tests.core.engine.play import run_spec
from tests.core.engine.stage import plan
from tests.core.plan.texts import GOOD, problems
from tests.quotations import unmasked

REASON = "agreed with the owners, CHG-1"
NO_PROBE: Changes = {"spec.template.spec.containers.0.readinessProbe": GONE}


def allowing(*codes: str) -> Plan:
    places = ((code, f"spec.allow[{index}].code") for index, code in enumerate(codes))
    return replace(plan(), allow=tuple(Allowance(code, REASON, 20, place) for code, place in places))


def with_allow(text: str) -> str:
    return GOOD + f"  allow: {text}\n"


def test_a_plan_with_allowances_is_read_with_their_places() -> None:
    (one,) = load(with_allow(f'[{{code: C019, reason: "{REASON}"}}]'), "plan.yaml").allow
    assert (one, one.line, one.path) == (Allowance("C019", REASON), 18, "spec.allow[0].code")


@pytest.mark.parametrize(
    ("allow", "said"),
    [
        ("[{code: C019}]", "plan.yaml:18: spec.allow[0].reason: expected one line of text, at most 500 characters, f"),
        ('[{code: C19, reason: "x"}]', "plan.yaml:18: spec.allow[0].code: expected the code of a finding (C and th"),
        ('[{code: C019, reason: " "}]', "plan.yaml:18: spec.allow[0].reason: expected one line of text"),
        ('[{code: C019, reason: "a\\nb"}]', "plan.yaml:18: spec.allow[0].reason: expected one line of text"),
        ("{code: C019}", "plan.yaml:18: spec.allow: expected a list of findings to accept, found a mapping"),
        (
            '[{code: C019, reason: "x"}, {code: C019, reason: "y"}]',
            "plan.yaml:18: spec.allow[1].code: expected one reason for C019, found another before",
        ),
    ],
)
def test_an_allowance_of_the_wrong_shape_is_a_problem_with_its_place(allow: str, said: str) -> None:
    (problem,) = problems(with_allow(allow))
    assert problem.startswith(said)


def test_what_is_allowed_refuses_no_more_and_keeps_its_severity() -> None:
    found = run_all(ground(rollout=NO_PROBE))
    assert [finding.code for finding in refusals(found)] == ["C019"]
    (finding,) = accepted(found, allowing("C019"))
    assert (finding.severity, finding.allowed, refusals((finding,))) == (Severity.REFUSE, REASON, ())
    assert refusals(accepted(found, allowing("C018"))) == found, "another code accepts nothing"


def test_the_reason_stands_where_the_remedy_stood_and_in_the_first_lines_of_a_run() -> None:
    (finding,) = accepted(run_all(ground(rollout=NO_PROBE)), allowing("C019"))
    assert finding.lines[1] == f"  → allowed by the plan: {REASON}"
    told = run_header(run_spec(plan()), "p", (finding,))
    assert unmasked(told[-1].text).endswith(f"(allowed by the plan: {REASON})")
    assert [data_json(fact) for fact in told] == [{}, {}, {"code": "C019"}]


def test_a_reason_is_redacted_like_any_other_text() -> None:
    (finding,) = accepted(run_all(ground(rollout=NO_PROBE)), allowing("C019"))
    assert REASON not in str(finding.cleaned(lambda words: unmasked(words).replace(REASON, "<masked>")))


def test_an_allowance_that_accepts_nothing_is_told() -> None:
    (word,) = unused(run_all(ground()), replace(allowing("C019"), file="plan.yaml"))
    assert word == Finding(
        "C031",
        Severity.INFO,
        "a finding is allowed that is not there",
        "the plan allows C019 (a changed container has no readiness probe), which was not found",
        "plan.yaml:20: spec.allow[0].code",
        "remove C019 from spec.allow of the plan",
    )
    assert unused(run_all(ground(rollout=NO_PROBE)), allowing("C019")) == ()
    assert unused((), allowing("C092")) == (), "what the API server says is not known yet"


@pytest.mark.parametrize("code", ["C001", "C002", "C010", "C023", "C027", "C030", "C091", "C093"])
def test_what_would_keep_a_run_from_its_way_back_is_never_accepted(code: str) -> None:
    (problem,) = invalid_allowances(replace(allowing(code), file="plan.yaml"))
    assert str(problem) == (
        f"plan.yaml:20: spec.allow[0].code: expected a finding that can be accepted, found {code}\n"
        f"  → remove it, and do what `cutover explain {code}` says"
    )


def test_a_code_that_does_not_exist_is_a_problem() -> None:
    (problem,) = invalid_allowances(allowing("C999"))
    assert problem.message == "expected the code of a check, found C999, which is none"


@pytest.mark.parametrize("code", [code for code, check in BY_CODE.items() if check.severity is not Severity.REFUSE])
def test_every_warning_can_be_accepted(code: str) -> None:
    assert invalid_allowances(allowing(code)) == ()


def test_these_refusals_can_be_accepted_and_no_others() -> None:
    refusing = {check.code for check in ALL if check.severity is Severity.REFUSE}
    acceptable = {code for code in refusing if not invalid_allowances(allowing(code))}
    assert acceptable == {"C015", "C019", "C020", "C022", "C025", "C026", "C036"}
