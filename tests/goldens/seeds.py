"""Inputs of the project's own fuzz: a seed makes a plan and live objects, the same ones every time."""

import json
from random import Random
from typing import Any, Final

from tests.fuzz.corpus import CORPUS, MANIFESTS
from tests.fuzz.grammar import CHANGES as ANY_CHANGES
from tests.fuzz.grammar import PLANS, written
from tests.fuzz.live import CHANGES, objects
from tests.fuzz.mutations import spoiled_documents, spoiled_texts
from tests.fuzz.oddness import odd
from tests.fuzz.plans import spoiled
from tests.goldens.case import GoldenCase, Group, case
from tests.goldens.draws import drawn
from tests.goldens.plan_runs import CHECKS, DIFFS

SEEDS: Final = 2000
WHOLE: Final = 10
"""The first seeds are kept as text, so that a person can see what they are."""

SHARES: Final = 8
HEAD: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: a}
spec:
  target: {app: payments}
  promotion: auto
  changes:
"""
PLAIN: Final = HEAD + '    - env: {name: A, value: "x", container: app}\n'

_KINDS: Final = {
    "horizontalpodautoscalers": "HorizontalPodAutoscaler",
    "poddisruptionbudgets": "PodDisruptionBudget",
    "resourcequotas": "ResourceQuota",
    "deployments": "Deployment",
    "cronjobs": "CronJob",
    "jobs": "Job",
}


def fuzz_groups() -> list[Group]:
    """A group for each seed, and one for each of the worst plans and manifests."""
    usual = _as_files_hold_them(objects())
    plans = [Group(f"fuzz/plan-{name}", _runs(0), _files(data, usual)) for name, data in CORPUS.items()]
    files = [
        Group(f"fuzz/manifest-{name}", _runs(0), {"plan.yaml": PLAIN.encode(), "live.yaml": data})
        for name, data in MANIFESTS.items()
    ]
    return [*(_seeded(seed, usual) for seed in range(SEEDS)), *plans, *files]


def _seeded(seed: int, usual: dict[str, Any]) -> Group:
    random = Random(seed)  # noqa: S311 -- no secret
    share = seed % SHARES
    plan = _plan(share, seed, random)
    live = usual if share in (0, 1) else odd(usual, random)
    return Group(f"fuzz/seed-{seed:04}", _runs(seed), _files(plan, live), whole=seed < WHOLE)


def _plan(share: int, seed: int, random: Random) -> bytes:
    """A spoiled plan, one of the grammar, or, for half of the seeds, one that is about the live objects."""
    match share:
        case 0:
            return next(spoiled(seed, 1))
        case 1:
            return bytes(drawn(spoiled_texts(), random))
        case 2:
            return str(drawn(spoiled_documents(), random)).encode(errors="surrogatepass")
        case 3:
            return written(drawn(PLANS, random), random.randint(0, 8)).encode()
        case 4:
            document = drawn(PLANS, random)
            document["spec"] |= {"target": {"app": "payments"}, "changes": drawn(ANY_CHANGES, random)}
            return written(document, random.randint(0, 8)).encode()
        case _:
            chosen = random.sample(CHANGES, random.choice((1, 1, 2, 3, len(CHANGES))))
            return (HEAD + "".join(f"    - {change}\n" for change in chosen)).encode()


def _runs(seed: int) -> tuple[GoldenCase, ...]:
    """What is asked of one seed: one format of each command, in turn."""
    diff, check = DIFFS[seed // SHARES % len(DIFFS)], CHECKS[seed // SHARES % len(CHECKS)]
    return (
        case("validate", "validate", "plan.yaml", *(("-o", "json") if seed % 2 else ())),
        case(f"diff-{diff}", "diff", "plan.yaml", "--live", "live.yaml", "-o", diff),
        case(f"check-{check}", "check", "plan.yaml", "-o", check),
        case("rbac", "rbac", "plan.yaml"),
    )


def _files(plan: bytes, live: dict[str, Any]) -> dict[str, bytes]:
    return {"plan.yaml": plan, "live.yaml": json.dumps(_listed(live)).encode()}


def _as_files_hold_them(found: dict[str, Any]) -> dict[str, Any]:
    """The live objects, each with its kind, as `kubectl get -o json` prints them."""
    kinds = {"rollout": "Rollout", "configMap": "ConfigMap", "payments-db-a": "Secret", "payments-db-b": "Secret"}
    single = {key: {"kind": kind, **found[key]} for key, kind in kinds.items()}
    lists = {"replicasets": "ReplicaSet", "pods": "Pod", "services": "Service"}
    many = {key: [{"kind": kind, **each} for each in found[key]] for key, kind in lists.items()}
    around = {key: [{"kind": _KINDS[key], **each} for each in found["around"][key]] for key in _KINDS}
    return {**single, **many, **around}


def _listed(found: dict[str, Any]) -> dict[str, Any]:
    items = [part for value in found.values() for part in (value if isinstance(value, list) else [value])]
    return {"apiVersion": "v1", "kind": "List", "items": items}
