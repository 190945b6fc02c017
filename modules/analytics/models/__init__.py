"""The tables of analytics."""

from modules.analytics.models.recorded_event import RecordedEvent

__all__ = ["RecordedEvent"]
