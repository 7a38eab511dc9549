"""`cutover diff`, once the plan is evaluated: make the diff for the reviewer, and save what was reviewed to a file."""

from cutover.adapters.clock import now
from cutover.adapters.plan_files import plan_bytes, write_plan
from cutover.adapters.run_identity import random_suffix
from cutover.commands.evaluate import Evaluation
from cutover.core.base.errors import Problem, UsageError
from cutover.core.patch.consumers import consumers_of
from cutover.core.plan.model import spells_out_a_secret
from cutover.core.review.diff import Diff, diff_of
from cutover.core.review.review_file import review_text
from cutover.core.review.reviewed_plan import PlanText, Review, reviewed_state
from cutover.core.review.reviewer_notes import editable


def reviewer_diff(evaluation: Evaluation) -> Diff:
    """Make the diff that a reviewer is shown of an evaluated plan."""
    return diff_of(
        evaluation.plan,
        evaluation.snapshot.target,
        evaluation.edits,
        evaluation.findings,
        evaluation.redactor,
        forecast=evaluation.forecast,
        coverage=evaluation.coverage,
        way_back=evaluation.way_back,
        consumers=consumers_of(evaluation.snapshot, evaluation.edits),
        notes=tuple(editable(evaluation.snapshot, evaluation.edits)),
    )


def save_review(evaluation: Evaluation, file: str, *, valid_for: float, overwrite: bool) -> Review:
    """Write what was reviewed to a file; the review is valid for `valid_for` seconds.

    Raises:
        UsageError: the plan spells out a value that is never shown, or the file cannot be written.
    """
    redactor = evaluation.redactor
    if spells_out_a_secret(evaluation.plan, redactor):
        raise UsageError(_never_shown(evaluation))
    salt, at = random_suffix(), now().utc
    review = Review(
        plan=PlanText(evaluation.text, evaluation.plan.file),
        reviewed=at,
        expires=at + valid_for,
        suffix=evaluation.suffix,
        salt=salt,
        state=reviewed_state(evaluation.snapshot, evaluation.edits, redactor, salt),
    )
    write_plan(file, plan_bytes(review_text(review), file), overwrite=overwrite)
    return review


def _never_shown(evaluation: Evaluation) -> Problem:
    return Problem(
        "the plan spells out a value that is never shown, and what is reviewed is kept with the plan in it",
        file=evaluation.plan.file,
        remedy="put the value into a Secret, and let the plan refer to it",
    )
