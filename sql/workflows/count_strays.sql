-- aias_private.count_strays: how many rows there are of executions that are gone.
--
-- Why       these tables have no foreign key to executions: it would make the drop of a month's partition scan them all. Only
--           the functions of sql/ write them, so whatever is counted here is a defect or a hand at work.
-- Caller    `aias db check`.
-- Plan      reads the tables as a whole.
create or replace function aias_private.count_strays()
returns table (
    table_name text,
    row_count bigint
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select s.table_name, count(*)
    from (
        select 'steps' as table_name, r.tenant_id, r.execution_id from aias_private.steps as r
        union all
        select 'execution_events', r.tenant_id, r.execution_id from aias_private.execution_events as r
        union all
        select 'signals', r.tenant_id, r.execution_id from aias_private.signals as r
        union all
        select 'effects', r.tenant_id, r.execution_id from aias_private.effects as r
        union all
        select 'gate_waiters', r.tenant_id, r.execution_id from aias_private.gate_waiters as r
    ) as s
    where not exists (
        select from aias_private.executions as e where e.tenant_id = s.tenant_id and e.id = s.execution_id
    )
    group by s.table_name
    order by s.table_name
$$;
revoke execute on function aias_private.count_strays() from public;
comment on function aias_private.count_strays() is
'How many steps, events, signals, effects and gate waiters there are of executions that are gone, by table.';
