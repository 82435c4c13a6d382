-- aias_private.register_task_schedules: store the system's own schedules as the code declares them.
--
-- Caller    a worker that starts. p_schedules is an array of {"name", "task", "cron", "max_attempts", "retry_delay" (seconds)}.
-- Promise   what an administrator changed or paused stays so; a new default of the code takes the place of an old one.
-- Errors    JR422 an expression is malformed.
-- requires: aias_private.assert_cron
-- requires: aias_private.nil_uuid
create or replace function aias_private.register_task_schedules(p_schedules jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into aias_private.schedules as s (
        tenant_id, name, kind, task, cron, time_zone, overlap, catch_up, catch_up_limit, jitter, max_attempts, retry_delay
    )
    select
        aias_private.nil_uuid(), n.name, 'task', n.task, aias_private.assert_cron(n.cron), 'UTC', 'skip', 'last', 1, interval '0',
        n.max_attempts, make_interval(secs => n.retry_delay)
    from jsonb_to_recordset(p_schedules) as n(
        name text, task text, cron text, max_attempts integer, retry_delay double precision
    )
    order by n.name
    on conflict (tenant_id, name) do update
    set
        task = excluded.task,
        cron = excluded.cron,
        max_attempts = excluded.max_attempts,
        retry_delay = excluded.retry_delay,
        next_at = case when s.cron = excluded.cron then s.next_at end,
        wake_at = case when s.cron = excluded.cron or s.is_paused then s.wake_at else '-infinity' end
    where
        not s.is_customized
        and (s.task, s.cron, s.max_attempts, s.retry_delay)
        is distinct from (excluded.task, excluded.cron, excluded.max_attempts, excluded.retry_delay);
    if found then
        perform pg_notify('aias_schedules', '');
    end if;
end;
$$;
revoke execute on function aias_private.register_task_schedules(jsonb) from public;
grant execute on function aias_private.register_task_schedules(jsonb) to aias_worker;
comment on function aias_private.register_task_schedules(jsonb) is
'Stores the schedules of the system''s own tasks, but for what an administrator changed.';
