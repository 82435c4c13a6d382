-- A check of alert rules, written as pg_dump writes it.
--
-- A "between" after an "and" is stored as a condition of its own in parentheses; what pg_restore reads back has none. The
-- two mean the same, but a restored database would differ from the files.
alter table aias_private.alert_rules drop constraint durations_are_bounded;
-- squawk-ignore constraint-missing-not-valid
alter table aias_private.alert_rules
add constraint durations_are_bounded check (
    for_duration >= interval '0'
    and for_duration <= interval '7 days'
    and resolve_after >= interval '0'
    and resolve_after <= interval '7 days'
    and group_every >= interval '0'
    and group_every <= interval '1 day'
);
