"""The audit log: who did what, append-only."""

from aias.audit.queries import AuditEntry, list_audit, set_actor

__all__ = ["AuditEntry", "list_audit", "set_actor"]
