"""The words of a recording: the name of each class that it can hold, and of each field, in their order.

A recording outlives the version that wrote it, so these words stay even if the code renames a thing. A field that the
code names differently is written `word=attribute`; after `?` stands the class that is written for an absent value
(`None`), or `[]` where the value itself is written as a list of one. A test checks that each class and field that a
recording can hold has its word here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Cause, Ending
from cutover.core.base.target import Target
from cutover.core.engine.observation import Evidence, FreshRead, Observation
from cutover.core.engine.run_spec import RunSpec, StablePod
from cutover.core.engine.state import PodMemory, State, Suspicion, Verdict
from cutover.core.objects.analysisrun import AnalysisRunView, MetricView
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.meta import FieldManager, Meta
from cutover.core.objects.pod import ContainerView, Exit, PodView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import Condition, PauseCondition, RolloutStatus, RolloutView
from cutover.core.objects.service import Endpoint, EndpointSliceView
from cutover.core.objects.world import World
from cutover.core.patch.edit import EnvEdit, FieldEdit
from cutover.core.plan.deadlines import Deadlines
from cutover.core.podtemplate.env_source import FromConfigMap, FromOther, FromSecret, LiteralValue
from cutover.core.podtemplate.field_paths import Value
from cutover.core.podtemplate.probes import Probe
from cutover.core.recording.header_footer import FirstLine, LastLine
from cutover.core.writes.lock_state import Held, Overdue, TakenOver, Unsure
from cutover.core.writes.run_annotations import ArmedMark
from cutover.core.writes.write import Accepted, Refused, Unclear, Unseen, Write

LISTED: Final = "[]"


@frozen
class ClassWords:
    """The words for one class: its own, those of its fields, and those for absent values, by attribute."""

    kind: type
    name: str
    fields: Mapping[str, str]
    absent: Mapping[str, str]

    def listed(self, attribute: str) -> bool:
        """Whether a value that may be absent is written as a list of it, empty if it is."""
        return self.absent.get(attribute) == LISTED


def _words(kind: type, name: str, spelled: str = "") -> ClassWords:
    fields, absent = dict[str, str](), dict[str, str]()
    for each in spelled.split():
        names, _, nothing = each.partition("?")
        word, _, attribute = names.partition("=")
        fields[attribute or word] = word
        absent |= {attribute or word: nothing} if nothing else {}
    return ClassWords(kind, name, MappingProxyType(fields), MappingProxyType(absent))


_TABLE: Final = (
    _words(Accepted, "Accepted", "write found=stored lost"),
    _words(AnalysisRunView, "AnalysisRunView", "meta phase message terminated metrics"),
    _words(ArmedMark, "ArmedMark", "seconds previous_seconds?[] previous_abort?[]"),
    _words(FirstLine, "Begun", "format state"),
    _words(
        RunSpec,
        "Brief",
        "run target uid base_hash base_revision before after strategy edits cutover promotion on_failure "
        "timing=deadlines stable_pods start_exits probes follow owner armed?[] point_of_no_return",
    ),
    _words(Cause, "Cause", "attribution code message"),
    _words(Condition, "Condition", "type status reason message"),
    _words(ConfigRead, "ConfigRead", "kind meta keys immutable values contents binary type"),
    _words(ContainerView, "ContainerView", "name ready restarts waiting waiting_message running_since last_exit init"),
    _words(LastLine, "Ended", "outcome code writes"),
    _words(Ending, "Ending", "outcome cause?NoCause spec proven unproven next past_no_return"),
    _words(Endpoint, "Endpoint", "pod_uid pod_name ready terminating"),
    _words(EndpointSliceView, "EndpointSliceView", "meta service endpoints"),
    _words(EnvEdit, "EnvEdit", "container init variable pointer before?Absent after?Absent"),
    _words(Evidence, "Evidence", "kind about container text missed"),
    _words(Exit, "Exit", "code reason message at"),
    _words(FieldEdit, "FieldEdit", "place pointer before?Nowhere after?Nowhere containers"),
    _words(FieldManager, "FieldManager", "name operation subresource at template data"),
    _words(FromConfigMap, "FromConfigMap", "name key optional"),
    _words(FromOther, "FromOther", "what"),
    _words(FromSecret, "FromSecret", "name key optional"),
    _words(Held, "Held"),
    _words(Instant, "Instant", "mono utc"),
    _words(LeaseView, "LeaseView", "meta holder seconds renewed transitions"),
    _words(LiteralValue, "Literal", "value"),
    _words(FreshRead, "Look", "world at"),
    _words(
        Meta,
        "Meta",
        "uid name namespace resource_version generation created deleting owner_uid labels annotations managers",
    ),
    _words(MetricView, "MetricView", "name phase message successful failed errors dry_run"),
    _words(NotFound, "Missing", "what"),
    _words(Observation, "Observation", "at world answers wishes=requests looks=fresh_reads evidence lock"),
    _words(Overdue, "Overdue", "reason"),
    _words(PauseCondition, "PauseCondition", "reason since started"),
    _words(PodMemory, "PodMemory", "name first_seen ready ever_ready relapses lost_at bad_exits ends summary"),
    _words(
        PodView,
        "PodView",
        "meta phase reason message ip node ready ready_since started unschedulable disrupted containers was_ready",
    ),
    _words(Probe, "Probe", "container port path"),
    _words(Refused, "Refused", "write status reason found=stored"),
    _words(
        ReplicaSetView, "ReplicaSetView", "meta desired replicas ready available observed_generation failure template"
    ),
    _words(
        RolloutStatus,
        "RolloutStatus",
        "phase message observed_generation current_pod_hash stable_rs step_index pauses controller_pause abort "
        "aborted_at promote_full conditions replicas updated available restarted_at selector",
    ),
    _words(
        RolloutView,
        "RolloutView",
        "meta template strategy status replicas paused restart_at min_ready_seconds progress_deadline_seconds "
        "progress_deadline_abort written_deadline?[] written_deadline_abort?[] rollback_window workload_ref "
        "history_limit selector",
    ),
    _words(StablePod, "StablePod", "uid name restarts"),
    _words(
        State,
        "State",
        "brief=run_spec started entered phase standing=stored_template generation canary_hash written_at unclear_at "
        "adopted_at promoted_at step pods_asked pods_asked_at stable_had stable_short_since stable_gone_since "
        "steady_since pods sent=sent_writes pending?Idle answer?Idle verdict?Undecided watching_ended leaving "
        "questioned_at suspicions asked=asked_evidence got=evidence look_asked_at=fresh_read_asked_at "
        "look=fresh_read?Idle restoring ending?GoesOn left_to_try=other_cleanups lost=taken_over_by past_no_return "
        "denied=restore_forbidden came_from=previous_phase",
    ),
    _words(Suspicion, "Suspicion", "code subject since message"),
    _words(TakenOver, "Taken", "by"),
    _words(Target, "Target", "rollout namespace app context"),
    _words(
        Deadlines,
        "Timing",
        "adopt_within ready_within hold bake relapse_within verify_within timeout stable_within rung_within "
        "blind_after blind_ends",
    ),
    _words(Unclear, "Unclear", "write reason found=stored"),
    _words(ReadFailed, "Unreadable", "what reason"),
    _words(Unseen, "Unseen"),
    _words(Unsure, "Unsure"),
    _words(Value, "Value", "document"),
    _words(Verdict, "Verdict", "course=reaction cause at"),
    _words(World, "World", "objects seen trouble"),
    _words(
        Write, "Write", "name title target subresource occasion dry_run resource object_name method quiet within strict"
    ),
)

BY_CLASS: Final[Mapping[type, ClassWords]] = MappingProxyType({words.kind: words for words in _TABLE})


def name_of(kind: type) -> str:
    """Return the word that a recording writes for a class; `KeyError` for one that it cannot hold."""
    return BY_CLASS[kind].name
