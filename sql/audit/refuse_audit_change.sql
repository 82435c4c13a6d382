-- aias_private.refuse_audit_change: the audit log is append-only, for its owner too.
--
-- Errors    JR403 always.
create or replace function aias_private.refuse_audit_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'the audit log is append-only: % is refused', lower(tg_op) using errcode = 'JR403';
end;
$$;
revoke execute on function aias_private.refuse_audit_change() from public;
comment on function aias_private.refuse_audit_change() is 'Refuses every change of the audit log but an insert.';

create or replace trigger audit_log_is_append_only
before update or delete on aias_private.audit_log
for each row execute function aias_private.refuse_audit_change();

create or replace trigger audit_log_is_never_truncated
before truncate on aias_private.audit_log
for each statement execute function aias_private.refuse_audit_change();

-- A trigger on truncate does not come along to the partitions: ensure_partitions gives it to new ones, this to those that
-- are there.
do $$
declare
    v_partition regclass;
begin
    for v_partition in
        select i.inhrelid
        from pg_catalog.pg_inherits as i
        where i.inhparent = 'aias_private.audit_log'::regclass
    loop
        execute format(
            'create or replace trigger audit_log_is_never_truncated before truncate on %s'
            ' for each statement execute function aias_private.refuse_audit_change()',
            v_partition
        );
    end loop;
end;
$$;
