"""Words in messages of servers on which a decision rests, because no status, reason or cause says the same.

Each was seen in Kubernetes 1.29 to 1.36 and Argo Rollouts 1.7 to 1.10, and stands in the source that is named. What a
webhook, a log or an object's name says can never match where a server says it: the patterns are bound to the start of
a message, or to words around them that nobody else may choose.
"""

import re
from typing import Final

NO_RIGHT: Final = re.compile(r'^[\w./-]+ (?:"[^"]*" )?is forbidden: User "[^"]*" cannot \w+ resource "')
"""The right is missing. apiserver `endpoints/handlers/responsewriters/errors.go`, `forbiddenMessage`; admission, which
also answers 403, uses other words."""

DRY_RUN_UNSUPPORTED: Final = re.compile(r'^admission webhook "[^"]*" does not support dry run')
"""A webhook has side effects. apiserver `admission/plugin/webhook/errors/statuserror.go`, `NewDryRunUnsupportedErr`."""

STORAGE_TROUBLE: Final = re.compile("(?i)etcdserver|context deadline|timed out|timeout")
"""In a 500, after which the write may still have been stored: the API server had no answer from etcd in time."""

QUOTA: Final = "exceeded quota"
"""A ResourceQuota leaves no room. apiserver `admission/plugin/resourcequota/controller.go`."""

NO_SUCH_KEY: Final = re.compile(r"^(?!failed to sync )(?=.*(?:couldn't find key|not found))", re.DOTALL)
"""A referenced object or key does not exist. Kubelet `kubelet_pods.go`, `makeEnvironmentVariables`. What the kubelet
merely has not seen yet reads `failed to sync secret cache`, and passes."""

ABORTED_BY: Final = (
    ("timed out progressing", "progress-deadline"),
    ("analysis", "analysis"),
    ("Step", "analysis"),
)
"""What the controller adds to "Rollout aborted update to revision N" when it aborts by itself, with the cause's code
(argo-rollouts v1.10.1 `rollout/sync.go`, `rollout/analysis.go`). A person's abort adds nothing."""
