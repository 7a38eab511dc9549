"""The view of an AnalysisRun and of its metrics' results."""

from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.documents import Json, flag, mapping, objects, quoted, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view


@frozen
class MetricView:
    """The result of one metric so far; `successful`, `failed` and `errors` count its measurements."""

    name: str
    phase: str
    message: ClusterText
    successful: int
    failed: int
    errors: int
    dry_run: bool


@frozen
class AnalysisRunView:
    """An AnalysisRun. A cancelled one ends `Successful` with `Run Terminated`: see `terminated`."""

    meta: Meta
    phase: str
    message: ClusterText
    terminated: bool
    metrics: tuple[MetricView, ...]

    @property
    def pod_hash(self) -> str:
        """The pod hash of the revision that it judges, or the empty string."""
        return self.meta.pod_hash


def analysisrun_view(document: Json) -> AnalysisRunView:
    """Read an AnalysisRun as the API returns it; without a status, phase and message are empty."""
    status = mapping(document, "status")
    return AnalysisRunView(
        meta=meta_view(document),
        phase=text(status, "phase"),
        message=quoted(status, "message"),
        terminated=flag(document, "spec", "terminate"),
        metrics=tuple(_metric(entry) for entry in objects(status, "metricResults")),
    )


def _metric(entry: Json) -> MetricView:
    return MetricView(
        name=text(entry, "name"),
        phase=text(entry, "phase"),
        message=quoted(entry, "message"),
        successful=whole(entry, "successful"),
        failed=whole(entry, "failed"),
        errors=whole(entry, "error"),
        dry_run=flag(entry, "dryRun"),
    )
