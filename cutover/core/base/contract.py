"""What every document of cutover bears: plans, diffs, reports."""

from typing import Final

API_VERSION: Final = "cutover.dev/v1alpha1"
