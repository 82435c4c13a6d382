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

create or replace trigger audit_seals_are_append_only
before update or delete on aias_private.audit_seals
for each row execute function aias_private.refuse_audit_change();

create or replace trigger audit_seals_are_never_truncated
before truncate on aias_private.audit_seals
for each statement execute function aias_private.refuse_audit_change();

-- A trigger on truncate does not come along to the partitions, and each has privileges of its own: ensure_partitions gives
-- new ones what the table has, this those that are there. The owner gives up its right too; it could take it back, the
-- triggers would still refuse.
do $$
declare
    v_table regclass;
begin
    for v_table in
        select p.relid from pg_catalog.pg_partition_tree('aias_private.audit_log') as p
        union all
        select 'aias_private.audit_seals'::regclass
    loop
        execute format(
            'revoke update, delete, truncate on %s from public, aias_app, aias_worker, aias_analyst, aias_admin, %I',
            v_table,
            (select pg_get_userbyid(c.relowner) from pg_catalog.pg_class as c where c.oid = v_table)
        );
        execute format('revoke insert on %s from aias_app, aias_worker, aias_analyst, aias_admin', v_table);
        if v_table in (
            select i.inhrelid from pg_catalog.pg_inherits as i where i.inhparent = 'aias_private.audit_log'::regclass
        ) then
            execute format(
                'create or replace trigger audit_log_is_never_truncated before truncate on %s'
                ' for each statement execute function aias_private.refuse_audit_change()',
                v_table
            );
        end if;
    end loop;
end;
$$;
