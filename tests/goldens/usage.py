"""The command line itself: every help, every explanation, wrong usage, and each command where there is no cluster."""

import json
from typing import Final

from tests.goldens.case import GoldenCase, Group, case

COMMANDS: Final = (
    *("init", "validate", "diff", "check", "apply", "resume", "abort", "promote", "retry", "undo", "status", "runs"),
    *("gc", "rbac", "explain", "schema", "version"),
)

_HEAD: Final = b"""\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: shop}
spec:
  target: {app: shop}
  changes:
"""
PLAN: Final = _HEAD + b'    - env: {name: FEATURE_X, value: "on"}\n'
COPYING: Final = (
    _HEAD
    + b"""\
    - database: {engine: postgres, env: DATABASE_URL, to: {secretKeyRef: {name: db-b, key: url}}, dataRelation: same}
    - configMap: {name: shop-config, set: {mode: fast}}
    - secret: {name: shop-db, set: {password: {fromEnv: B}}}
"""
)
WRONG: Final = PLAN.replace(b"FEATURE_X", b"1x").replace(b"spec:", b"spec:\n  watch: {bake: 90}")


def usage_groups() -> list[Group]:
    """Everything that needs no input but a plan or two."""
    return [_help(), _explained(), _numbers(), _plain(), _wrong_usage(), *_without_a_cluster()]


def _help() -> Group:
    helped = [case(f"{name}-help", name, "--help") for name in COMMANDS]
    return Group("usage/help", (case("help", "--help"), case("short", "-h"), case("nothing"), *helped), whole=True)


def _explained() -> Group:
    """The explanation of every code that there may be."""
    return Group("usage/explain", (case("all", "explain"), *(_code(number) for number in range(120))), whole=True)


def _code(number: int) -> GoldenCase:
    return case(f"C{number:03}", "explain", f"C{number:03}")


def _numbers() -> Group:
    """The same as JSON, and numbers that are far out."""
    json_too = [case(f"C{number:03}-json", "explain", f"C{number:03}", "-o", "json") for number in range(120)]
    others = [case(word, "explain", word) for word in ("c019", "C19", "C999", "19", "x")]
    return Group("usage/explain-json", (case("all-json", "explain", "-o", "json"), *json_too, *others))


def _plain() -> Group:
    cases = (case("schema", "schema"), case("version", "version"), *_plan_cases("plan"), *_plan_cases("copying"))
    files = {"plan.yaml": PLAN, "copying.yaml": COPYING, "wrong.yaml": WRONG}
    more = (
        case("many", "validate", "plan.yaml", "copying.yaml", "wrong.yaml", "missing.yaml"),
        case("many-valid", "validate", "plan.yaml", "copying.yaml", "-o", "json"),
        case("many-json", "validate", "plan.yaml", "wrong.yaml", "-o", "json"),
        case("stdin", "validate", "-", stdin=PLAN),
        case("rbac-stdin", "rbac", "-", stdin=COPYING),
        case("rbac-wrong", "rbac", "wrong.yaml"),
    )
    return Group("usage/plain", (*cases, *more), files, whole=True)


def _plan_cases(name: str) -> tuple[GoldenCase, ...]:
    return (
        case(f"validate-{name}", "validate", f"{name}.yaml"),
        case(f"rbac-{name}", "rbac", f"{name}.yaml"),
        case(f"rbac-{name}-minimal", "rbac", f"{name}.yaml", "--minimal"),
    )


def _wrong_usage() -> Group:
    """Command lines that cannot be understood, for every command, in text and for a machine."""
    cases = [case("command", "unknown"), case("command-json", "unknown", "-o", "json"), case("option", "--unknown")]
    for name in COMMANDS:
        cases += [
            case(f"{name}-option", name, "--unknown"),
            case(f"{name}-option-json", name, "--unknown", "-o", "json"),
            case(f"{name}-output", name, "x", "-o", "unknown"),
            case(f"{name}-nothing", name),
            case(f"{name}-too-much", name, "x", "y", "z"),
            case(f"{name}-without-value", name, "x", "--context"),
        ]
    return Group("usage/wrong", tuple(cases), whole=True)


_ON_A_CLUSTER: Final = {
    "init": ("init", "shop", "--set", "FEATURE_X=on"),
    "diff": ("diff", "plan.yaml"),
    "diff-out": ("diff", "plan.yaml", "--out", "kept.json"),
    "check": ("check", "plan.yaml"),
    "apply": ("apply", "plan.yaml"),
    "apply-dry-run": ("apply", "plan.yaml", "--dry-run"),
    "apply-copying": ("apply", "copying.yaml"),
    "apply-record": ("apply", "plan.yaml", "--record", "recorded.jsonl"),
    "resume": ("resume", "shop"),
    "abort": ("abort", "shop"),
    "abort-dry-run": ("abort", "shop", "--dry-run", "--reason", "a test"),
    "promote": ("promote", "shop"),
    "promote-full": ("promote", "shop", "--full", "--hash", "abc"),
    "retry": ("retry", "shop"),
    "undo": ("undo", "20260101-000000-00000000"),
    "status": ("status", "shop"),
    "runs": ("runs",),
    "gc": ("gc", "shop"),
    "gc-dry-run": ("gc", "--dry-run", "-n", "shop"),
}
_NO_JSON: Final = frozenset({"init", "undo"})

_CLUSTERS: Final = {
    "none": (),
    "missing": ("--kubeconfig", "missing"),
    "unreachable": ("--kubeconfig", "unreachable"),
    "not-yaml": ("--kubeconfig", "not-yaml"),
    "another-kind": ("--kubeconfig", "plan.yaml"),
    "other-context": ("--kubeconfig", "unreachable", "--context", "other"),
    "no-server": ("--kubeconfig", "unreachable", "--context", "no-server"),
    "no-user": ("--kubeconfig", "unreachable", "--context", "no-user"),
    "other-namespace": ("--kubeconfig", "unreachable", "--namespace", "Other_One"),
}


def _kubeconfig() -> bytes:
    """Nobody listens on port 1, and a reserved name has no address."""
    contexts = {
        "here": {"cluster": "closed", "user": "u"},
        "no-server": {"cluster": "empty", "user": "u"},
        "no-user": {"cluster": "closed", "user": "nobody"},
    }
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": name, "context": context} for name, context in contexts.items()],
        "clusters": [{"name": "closed", "cluster": {"server": "http://127.0.0.1:1"}}, {"name": "empty", "cluster": {}}],
        "users": [{"name": "u", "user": {"token": "planted-token"}}],
    }
    return json.dumps(document).encode()


def _without_a_cluster() -> list[Group]:
    files = {
        "plan.yaml": PLAN,
        "copying.yaml": COPYING,
        "wrong.yaml": WRONG,
        "empty.yaml": b"",
        "unreachable": _kubeconfig(),
        "not-yaml": b"a: [b\n",
        "folder/x": b"",
    }
    groups = [
        Group(f"usage/cluster-{cluster}", tuple(_on_a_cluster(options)), files, whole=True)
        for cluster, options in _CLUSTERS.items()
    ]
    return [*groups, Group("usage/files", tuple(_wrong_files()), files, whole=True)]


def _on_a_cluster(options: tuple[str, ...]) -> list[GoldenCase]:
    text = [GoldenCase(name, (*arguments, *options)) for name, arguments in _ON_A_CLUSTER.items()]
    as_json = [
        GoldenCase(f"{name}-json", (*arguments, *options, "-o", "json"))
        for name, arguments in _ON_A_CLUSTER.items()
        if name not in _NO_JSON
    ]
    return [*text, *as_json]


def _wrong_files() -> list[GoldenCase]:
    """Plans and manifests that are missing, empty, folders or wrong, given to each command that reads one."""
    files = ("missing.yaml", "empty.yaml", "folder", "wrong.yaml", "unreachable")
    names = ("validate", "diff", "check", "apply", "rbac")
    plans = [case(f"{name}-{file}", name, file) for name in names for file in files]
    as_json = [case(f"{name}-{file}-json", name, file, "-o", "json") for name in names[:4] for file in files]
    lives = [case(f"diff-live-{file}", "diff", "plan.yaml", "--live", file) for file in files]
    others = [
        case("resume-bad-timeout", "resume", "shop", "--timeout", "soon"),
        case("diff-bad-validity", "diff", "plan.yaml", "--live", "empty.yaml", "--valid-for", "soon"),
        case("init-bad-set", "init", "shop", "--set", "x"),
        case("init-bad-secret", "init", "shop", "--set-secret", "X=y"),
        case("init-nothing", "init", "shop"),
        case("stdin-empty", "diff", "-"),
        case("stdin-wrong", "check", "-", stdin=WRONG),
    ]
    return [*plans, *as_json, *lives, *others]
