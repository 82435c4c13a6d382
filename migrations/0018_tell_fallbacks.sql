-- Executions tell in their history which fallback was used, why, and what can be done about it.
--
-- The check is replaced while its table is locked: a release of the engine knows all kinds of event or none.
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint
alter table aias_private.execution_events
drop constraint type_is_known,
add constraint type_is_known check (
    type in (
        'rescued', 'released', 'suspended', 'woken', 'step_retry_scheduled', 'step_failed', 'step_in_doubt', 'cancelled',
        'retried', 'replayed', 'failed', 'signalled', 'approved', 'rejected', 'fallback_started', 'fallback_used', 'repaired',
        'effect_resolved'
    )
);
