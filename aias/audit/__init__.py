"""The audit log: who did what, append-only, sealed by a chain of hashes."""

from aias.audit.chain import Head, Look, Verification, audit_head, check_audit, seal_audit, verify_audit
from aias.audit.queries import AuditEntry, list_audit, set_actor

__all__ = [
    "AuditEntry",
    "Head",
    "Look",
    "Verification",
    "audit_head",
    "check_audit",
    "list_audit",
    "seal_audit",
    "set_actor",
    "verify_audit",
]
