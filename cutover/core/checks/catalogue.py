"""The page of every code that a finding can have, for `cutover explain CODE` and docs/checks.md.

The page of a check is made from its file: why the check exists (its module docstring), when it fires, and what to do.
"""

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.checks import ALL
from cutover.core.checks.check import Check, filled
from cutover.core.checks.finding import Severity

_ANYBODYS: Final = Target(rollout="NAME", namespace="NAMESPACE")


@frozen
class Page:
    """The page of one code. `acceptable` tells whether a plan may accept it (`allow`); `why` is prose in paragraphs."""

    code: str
    severity: Severity
    title: str
    why: str
    when: str
    remedy: str
    acceptable: bool


def _page(check: Check) -> Page:
    why = sys.modules[check.run.__module__].__doc__ or ""
    acceptable = check.acceptable or check.severity is not Severity.REFUSE
    remedy = filled(check.remedy, _ANYBODYS)
    return Page(check.code, check.severity, check.title, why.strip(), check.when, remedy, acceptable)


def _refusal(code: str, title: str, why: str, when: str, remedy: str) -> Page:
    return Page(code, Severity.REFUSE, title, why, when, remedy, acceptable=False)


_ELSEWHERE: Final = (
    _refusal(
        "C001",
        "the Rollout does not exist",
        "Without a Rollout there is nothing to change.",
        "the namespace has no Rollout of that name, or does not exist itself",
        "correct `spec.target` of the plan, `-n` or `--context`",
    ),
    _refusal(
        "C012",
        "a container is missing",
        "A change that goes nowhere would be called done.",
        "the plan names a container that the template does not have",
        "correct `container` in the plan",
    ),
    _refusal(
        "C013",
        "a container is ambiguous",
        "Which of several containers is meant is for a person to say.",
        "the plan names no container and the template has several",
        "name one, or say `allContainers: true`",
    ),
    _refusal(
        "C014",
        "a variable stands twice",
        "Of two entries of one name Kubernetes takes the last: an edit of the other changes nothing.",
        "`env` of a container holds the name twice",
        "leave one of them in the template",
    ),
    Page(
        "C031",
        Severity.INFO,
        "a finding is allowed that is not there",
        "What is allowed today hides what nobody has thought of tomorrow.",
        "`spec.allow` of the plan names a finding that no check makes",
        "remove it from `spec.allow`",
        acceptable=True,
    ),
    _refusal(
        "C090",
        "admission refuses the write",
        "The API server was asked what it would make of the patch, as a dry run that changes nothing.",
        "the server dry run of the patch is refused (a right, a webhook, the schema)",
        "mend what the API server objects to",
    ),
    _refusal(
        "C091",
        "admission would change the write",
        "What was reviewed is what is applied, or nothing is: a mutating webhook would make something else of it.",
        "the server dry run stores another template than the reviewed one",
        "`kubectl get mutatingwebhookconfigurations`; let the plan say what the webhook makes",
    ),
    Page(
        "C092",
        Severity.WARN,
        "admission could not be asked",
        "A webhook with side effects makes the API server refuse dry runs; what it does to the write shows afterwards.",
        "the server dry run could not be carried out",
        "look at the template once it is written; a change of it is restored at once",
        acceptable=True,
    ),
    _refusal(
        "C070",
        "the template does not refer to the config object",
        "A change that goes nowhere would be called done.",
        "the plan changes a ConfigMap or Secret that no `env`, `envFrom` or volume of the template names",
        "correct the name in the plan",
    ),
    _refusal(
        "C071",
        "a config object cannot be copied",
        "A copy holds every key of the old object, so that has to be read first.",
        "a ConfigMap or Secret that the plan changes, or takes a value from, does not exist or may not be read",
        "create it, correct the name, or have the right granted: `cutover rbac` prints the Role",
    ),
    _refusal(
        "C096",
        "the API server does not take a pod of the plan",
        "The CRD of a Rollout lets any template pass. Pods are checked: no canary pod could ever be made of this one.",
        "the dry run of a pod made of the new template is refused as invalid, or has a field that nobody knows",
        "correct the plan at the places that the message names",
    ),
    Page(
        "C097",
        Severity.WARN,
        "whether pods of the plan are taken is not known",
        "A quota, Pod Security or a webhook refuses the pod to whoever runs `cutover`, or the dry run itself; the "
        "controller that makes the pods may be answered otherwise.",
        "the dry run of a pod made of the new template is forbidden by admission, or could not be carried out",
        "`kubectl get events` of the namespace tells what the controller is answered; let the plan accept it if it may",
        acceptable=True,
    ),
    _refusal(
        "C076",
        "containers cannot be told apart",
        "Everything that a plan says is said by the names of containers; Kubernetes takes no pod without them either.",
        "two containers of the template have one name, or one has none",
        "mend the Rollout's template",
    ),
    _refusal(
        "C095",
        "a config object cannot be made",
        "The new pods could not start without it, so it is made before the Rollout is written.",
        "the API server refuses the copy of a ConfigMap or Secret, or its dry run (a right, a quota, a webhook)",
        "mend what the API server objects to; `cutover rbac` prints the Role",
    ),
    _refusal(
        "C093",
        "a right is missing",
        "Who may go there and not back must not begin.",
        "the API server says that a read, the write, the abort, the restore or the lock would be forbidden",
        "have the right granted in the namespace: `cutover rbac plan.yaml` prints the Role",
    ),
    Page(
        "C094",
        Severity.WARN,
        "a right for evidence is missing",
        "The run would go the same way, there and back; its report could say less about why.",
        "the API server says that something which only brings evidence would be forbidden; the message says what",
        "have the right granted in the namespace (`cutover rbac plan.yaml` prints the Role), or accept it in the plan",
        acceptable=True,
    ),
)
"""The pages of the codes that no check raises: they come from resolving the plan, or from the API server."""

PAGES: Final[tuple[Page, ...]] = tuple(sorted((*map(_page, ALL), *_ELSEWHERE), key=lambda page: page.code))

BY_CODE: Final[Mapping[str, Page]] = MappingProxyType({page.code: page for page in PAGES})
