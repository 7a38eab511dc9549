"""C036 and C042: who else writes to the Rollout."""

import pytest

from tests.core.checks.documents import Changes, codes, ground, told, whole

TRACKING = "argocd.argoproj.io/tracking-id"
OURS = "argoproj.io/Rollout:payments/payments"
FILES = "make the change in the files that the Rollout is made from (`cutover diff PLAN -o kustomize` prints it); or "
ACCEPT = "until they say the same, and accept this in spec.allow of the plan"
HELM = "app.kubernetes.io/managed-by"


def marked(**kinds: dict[str, str]) -> Changes:
    """The Rollout with these labels and annotations."""
    return {f"metadata.{kind}": marks for kind, marks in kinds.items()}


def of_pods(annotations: dict[str, str]) -> Changes:
    """The pod template with these annotations."""
    return {"spec.template.metadata.annotations": annotations}


# -- C036: Git or Helm -------------------------------------------------------------------------------------------------


def test_a_rollout_that_argo_cd_tracks_is_refused_with_the_name_of_the_application() -> None:
    assert whole(ground(rollout=marked(annotations={TRACKING: f"shop:{OURS}"}))) == (
        f"C036 refuse | payments/rollout/payments: metadata.annotations[{TRACKING}]\n"
        "Argo CD application shop owns the Rollout: its next sync can undo the cutover, "
        "or the restore of a failed one\n"
        f"→ {FILES}stop its syncs with `argocd app set shop --sync-policy none` {ACCEPT}"
    )


def test_an_application_outside_of_argo_cds_namespace_is_named_as_it_is_typed() -> None:
    (found,) = told(ground(rollout=marked(annotations={TRACKING: f"team-a_shop:{OURS}"})))
    assert "Argo CD application team-a/shop owns the Rollout" in found
    assert "`argocd app set team-a/shop --sync-policy none`" in found


def test_the_label_of_argo_cd_is_a_mark_and_together_with_its_id_one_finding() -> None:
    label = {"argocd.argoproj.io/instance": "shop"}
    (found,) = told(ground(rollout=marked(labels=label)))
    assert found.startswith("C036 refuse | payments/rollout/payments: metadata.labels[argocd.argoproj.io/instance]\n")
    assert codes(ground(rollout=marked(labels=label, annotations={TRACKING: f"shop:{OURS}"}))) == ["C036"]


def test_where_argo_cd_tracks_by_the_usual_label_its_field_manager_tells() -> None:
    """A chart sets that label, too: it alone is no mark, nor is any other manager."""
    label = {"app.kubernetes.io/instance": "shop-prod"}
    written = {"metadata.managedFields": [{"manager": "argocd-controller", "operation": "Apply"}]}
    (found,) = told(ground(rollout={**marked(labels=label), **written}))
    assert found.startswith("C036 refuse | payments/rollout/payments: metadata.managedFields[argocd-controller]\n")
    assert "`argocd app set shop-prod --sync-policy none`" in found
    other = {"metadata.managedFields": [{"manager": "argocd-server", "operation": "Update"}]}
    assert codes(ground(rollout={**marked(labels=label), **other})) == []


def test_an_owner_that_is_its_controller_writes_what_it_wants_there() -> None:
    owner = {"apiVersion": "platform.example.com/v1", "kind": "Service", "name": "shop", "uid": "u1"}
    owned = {"metadata.ownerReferences": [owner | {"controller": True}]}
    (found,) = told(ground(rollout=owned))
    assert found.startswith("C036 refuse | payments/rollout/payments: metadata.ownerReferences\nService shop owns the")
    assert "stop the controller of Service shop until they say the same" in found
    assert codes(ground(rollout={"metadata.ownerReferences": [owner]})) == []


@pytest.mark.parametrize(
    ("group", "kind", "command"),
    [
        ("kustomize.toolkit.fluxcd.io", "Kustomization", "kustomization"),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "helmrelease"),
    ],
)
def test_what_flux_applies_is_refused(group: str, kind: str, command: str) -> None:
    labels = {f"{group}/name": "shop", f"{group}/namespace": "flux-system"}
    assert whole(ground(rollout=marked(labels=labels))) == (
        f"C036 refuse | payments/rollout/payments: metadata.labels[{group}/name]\n"
        f"Flux {kind} flux-system/shop owns the Rollout: its next sync can undo the cutover, "
        "or the restore of a failed one\n"
        f"→ {FILES}stop its syncs with `flux suspend {command} shop -n flux-system` {ACCEPT}"
    )


def test_a_helm_release_is_refused() -> None:
    marks = marked(labels={HELM: "Helm"}, annotations={"meta.helm.sh/release-name": "shop"})
    assert whole(ground(rollout=marks)) == (
        "C036 refuse | payments/rollout/payments: metadata.annotations[meta.helm.sh/release-name]\n"
        "Helm release shop owns the Rollout: its next upgrade can undo the cutover, or the restore of a failed one\n"
        f"→ {FILES}let nobody upgrade it {ACCEPT}"
    )


def test_a_release_that_flux_installs_is_fluxs_only() -> None:
    labels = {HELM: "Helm", "helm.toolkit.fluxcd.io/name": "shop"}
    (found,) = told(ground(rollout=marked(labels=labels, annotations={"meta.helm.sh/release-name": "shop"})))
    assert "Flux HelmRelease payments/shop" in found


def test_two_owners_are_two_findings() -> None:
    both = marked(annotations={TRACKING: f"shop:{OURS}"}, labels={"kustomize.toolkit.fluxcd.io/name": "shop"})
    assert codes(ground(rollout=both)) == ["C036", "C036"]


def test_a_name_that_a_shell_would_not_take_as_one_is_quoted() -> None:
    (found,) = told(ground(rollout=marked(annotations={TRACKING: f"a; rm -r b:{OURS}"})))
    assert "`argocd app set 'a; rm -r b' --sync-policy none`" in found


@pytest.mark.parametrize(
    "marks",
    [
        marked(labels={"app.kubernetes.io/instance": "shop"}),
        marked(labels={HELM: "Helm"}),
        marked(annotations={"meta.helm.sh/release-name": "shop"}),
        marked(annotations={TRACKING: "shop:argoproj.io/Rollout:payments/orders"}),
        marked(annotations={TRACKING: "shop"}),
        marked(annotations={TRACKING: f":{OURS}"}),
        marked(
            labels={"kustomize.toolkit.fluxcd.io/name": "shop"},
            annotations={"kustomize.toolkit.fluxcd.io/reconcile": "disabled"},
        ),
        marked(
            labels={"kustomize.toolkit.fluxcd.io/name": "shop"},
            annotations={"kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent"},
        ),
        {"metadata.managedFields": [{"manager": "argocd-controller", "operation": "Apply"}]},
    ],
)
def test_what_is_no_mark_for_certain_is_none(marks: Changes) -> None:
    assert codes(ground(rollout=marks)) == []


# -- C042: reloaders ---------------------------------------------------------------------------------------------------

AUTO = "reloader.stakater.com/auto"
RESTART = "reloader.stakater.com/rollout-strategy"


def test_a_reloader_on_the_rollout_is_told() -> None:
    marks = {AUTO: "true", "secret.reloader.stakater.com/reload": "payments-db-a"}
    assert whole(ground(rollout=marked(annotations=marks), context="prod")) == (
        f"C042 warn | payments/rollout/payments: metadata.annotations[{AUTO}]\n"
        f"Stakater Reloader ({AUTO}, secret.reloader.stakater.com/reload) starts a rollout that replaces the canary "
        "when a Secret or ConfigMap that it looks at is edited\n"
        "→ edit no Secret or ConfigMap of the application until the run is over, or take the mark away for that time: "
        f"`kubectl annotate rollout payments -n payments --context prod {AUTO}- secret.reloader.stakater.com/reload-`"
    )


def test_one_that_restarts_pods_past_the_steps_is_told_as_that() -> None:
    (found,) = told(ground(rollout=marked(annotations={AUTO: "true", RESTART: "restart"})))
    assert f"Stakater Reloader ({AUTO}) restarts its pods, those of stable too when a Secret" in found


def test_a_reloader_in_the_template_is_told_and_nothing_is_asked_that_takes_a_rollout() -> None:
    assert whole(ground(rollout=of_pods({"configmap.reloader.stakater.com/reload": "flags"}))) == (
        "C042 warn | payments/rollout/payments: "
        "spec.template.metadata.annotations[configmap.reloader.stakater.com/reload]\n"
        "Stakater Reloader (configmap.reloader.stakater.com/reload) starts a rollout that replaces the canary "
        "when a Secret or ConfigMap that it looks at is edited\n"
        "→ edit no Secret or ConfigMap of the application until the run is over"
    )


@pytest.mark.parametrize(
    "marks",
    [
        marked(annotations={AUTO: "false"}),
        marked(annotations={RESTART: "restart"}),
        marked(annotations={"secret.reloader.stakater.com/reload": ""}),
        {**marked(annotations={AUTO: "false"}), **of_pods({AUTO: "true"})},
        marked(annotations={"wave.pusher.com/update-on-config-change": "true", "keel.sh/policy": "major"}),
    ],
)
def test_what_no_reloader_acts_on_is_not(marks: Changes) -> None:
    assert codes(ground(rollout=marks)) == []
