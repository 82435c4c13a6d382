"""Telemetry: what applications say that their users did, each event once."""

from aias.telemetry.ingest import Ingest, Taken
from aias.telemetry.payloads import Payload, TooLargeError, decompressed, read_payload
from aias.telemetry.queries import (
    TelemetryEvent,
    TelemetryProblem,
    Tracked,
    find_tenant,
    fold_telemetry,
    list_telemetry,
    track,
    turn_telemetry_keys,
)
from aias.telemetry.reading import GoodEvent, read_event

__all__ = [
    "GoodEvent",
    "Ingest",
    "Payload",
    "Taken",
    "TelemetryEvent",
    "TelemetryProblem",
    "TooLargeError",
    "Tracked",
    "decompressed",
    "find_tenant",
    "fold_telemetry",
    "list_telemetry",
    "read_event",
    "read_payload",
    "track",
    "turn_telemetry_keys",
]
