-- Steps that are put off: by a closed gate, by a limit that is used up.
--
-- The checks are replaced while their tables are locked: a release of the engine knows all kinds of wait or none.
-- squawk-ignore-file constraint-missing-not-valid, adding-field-with-default, ban-drop-constraint
alter table aias_private.steps
add column deferral_count integer default 0 not null,
drop constraint wait_kind_is_known,
add constraint wait_kind_is_known check (
    wait_kind in ('retry', 'sleep', 'event', 'approval', 'execution', 'gate', 'limit')
),
add constraint deferral_count_is_not_negative check (deferral_count >= 0);
