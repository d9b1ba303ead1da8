"""The root of what changes something: only what a viewer keeps of its own."""

from __future__ import annotations

import strawberry

from schema.export_jobs import ExportMutation
from schema.saved_reports import SavedReportMutation
from schema.schedules import ScheduleMutation


@strawberry.type(description="What a viewer keeps of its own. Nothing here changes a ticket or a number.")
class Mutation(SavedReportMutation, ExportMutation, ScheduleMutation):
    """What a viewer keeps."""
