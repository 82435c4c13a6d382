-- aias.set_schedule: let a workflow run by the clock; calling again with the same name changes the schedule.
--
-- Promise   stored in the caller's transaction; a scheduler plans it within a second of the commit. What is due is run
--           once, whatever the number of workers. A changed expression, zone or start begins anew from now: nothing of the
--           past is made up for. `overlap` says what a due time does while the former run goes on (skip, queue,
--           allow); `catch_up` what an outage leaves (none, last, all: the newest p_catch_up_limit ones).
--           A tick starts up to p_jitter late. A run that fails is tried p_max_attempts times in all.
-- Locks     the schedule's row.
-- Errors    JR404 no such tenant or workflow; JR422 an argument is not valid, or the input does not fit the workflow.
-- requires: aias_private.assert_cron
-- requires: aias_private.assert_json_input
-- requires: aias_private.assert_time_zone
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
-- requires: aias_private.workflow_by_name
create or replace function aias.set_schedule(
    p_tenant text,
    p_name text,
    p_workflow text,
    p_cron text,
    p_time_zone text default 'UTC',
    p_input jsonb default '{}',
    p_overlap text default 'skip',
    p_catch_up text default 'last',
    p_catch_up_limit integer default 100,
    p_jitter interval default '0',
    p_starts_at timestamptz default null,
    p_ends_at timestamptz default null,
    p_max_attempts integer default 1,
    p_retry_delay interval default '1 minute'
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_now constant timestamptz := aias_private.now();
    v_cron constant text := aias_private.assert_cron(p_cron);
    v_workflow aias_private.workflows;
    v_former aias_private.schedules;
    v_new aias_private.schedules;
    v_why text;
    v_argument text;
begin
    perform aias_private.assert_time_zone(p_time_zone);
    v_workflow := aias_private.workflow_by_name(v_tenant, p_workflow);
    if p_input is null or jsonb_typeof(p_input) <> 'object' then
        raise exception '$: an input is a JSON object' using errcode = 'JR422', column = 'p_input';
    end if;
    perform aias_private.assert_json_input(
        'p_input',
        p_input,
        (
            select coalesce(v.definition -> 'input', 'true')
            from aias_private.workflow_versions as v
            where
                v.tenant_id = v_tenant
                and v.workflow_id = v_workflow.id
                and v.version = v_workflow.current_version
        ),
        1000000
    );
    select w.argument, w.why into v_argument, v_why
    from (
        values
        (p_name ~ '^[a-z0-9][a-z0-9._-]{0,62}$', 'p_name', 'a name is 1 to 63 small letters, digits, dots, dashes and underscores'),
        (p_overlap in ('skip', 'queue', 'allow'), 'p_overlap', 'overlap is skip, queue or allow'),
        (p_catch_up in ('none', 'last', 'all'), 'p_catch_up', 'catch_up is none, last or all'),
        (p_catch_up_limit between 1 and 1000, 'p_catch_up_limit', 'at most 1000 due times are caught up with, and at least 1'),
        (p_jitter between '0' and '1 day', 'p_jitter', 'jitter lies between nothing and a day'),
        (p_max_attempts between 1 and 20, 'p_max_attempts', 'a run is tried 1 to 20 times'),
        (p_retry_delay between '0' and '1 day', 'p_retry_delay', 'the delay of a retry lies between nothing and a day'),
        (p_starts_at is null or isfinite(p_starts_at), 'p_starts_at', 'a start is a time, not infinity'),
        (p_ends_at is null or isfinite(p_ends_at), 'p_ends_at', 'an end is a time, not infinity'),
        (coalesce(p_ends_at > p_starts_at, true), 'p_ends_at', 'a schedule ends after it starts')
    ) as w(is_fit, argument, why)
    where w.is_fit is not true
    limit 1;
    if v_why is not null then
        raise exception '%', v_why using errcode = 'JR422', column = v_argument;
    end if;
    select s.* into v_former
    from aias_private.schedules as s
    where s.tenant_id = v_tenant and s.name = p_name
    for update;
    insert into aias_private.schedules as s (
        tenant_id, name, kind, workflow_id, cron, time_zone, input, overlap, catch_up, catch_up_limit, jitter,
        starts_at, ends_at, max_attempts, retry_delay
    )
    values (
        v_tenant, p_name, 'workflow', v_workflow.id, v_cron, p_time_zone, p_input, p_overlap, p_catch_up, p_catch_up_limit,
        p_jitter, p_starts_at, p_ends_at, p_max_attempts, p_retry_delay
    )
    on conflict (tenant_id, name) do update
    set
        workflow_id = excluded.workflow_id,
        cron = excluded.cron,
        time_zone = excluded.time_zone,
        input = excluded.input,
        overlap = excluded.overlap,
        catch_up = excluded.catch_up,
        catch_up_limit = excluded.catch_up_limit,
        jitter = excluded.jitter,
        starts_at = excluded.starts_at,
        ends_at = excluded.ends_at,
        max_attempts = excluded.max_attempts,
        retry_delay = excluded.retry_delay,
        updated_at = v_now
    returning s.* into v_new;
    if v_former.id is null
        or (v_former.cron, v_former.time_zone, v_former.starts_at, v_former.ends_at)
        is distinct from (v_new.cron, v_new.time_zone, v_new.starts_at, v_new.ends_at)
    then
        update aias_private.schedules as s
        set
            horizon_at = v_now,
            next_at = null,
            problem = null,
            wake_at = case when s.is_paused then 'infinity' else '-infinity' end::timestamptz
        where s.tenant_id = v_tenant and s.id = v_new.id;
        perform pg_notify('aias_schedules', '');
    end if;
    perform aias_private.record_audit(
        v_tenant,
        case when v_former.id is null then 'schedule.created' else 'schedule.changed' end,
        'schedule',
        v_new.id::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'name', p_name,
                'before', case when v_former.id is not null then
                    to_jsonb(v_former) - array['tenant_id', 'id', 'next_at', 'wake_at', 'horizon_at', 'updated_at', 'created_at']
                end,
                'after',
                to_jsonb(v_new) - array['tenant_id', 'id', 'next_at', 'wake_at', 'horizon_at', 'updated_at', 'created_at']
            )
        )
    );
    return v_new.id;
end;
$$;
revoke execute on function
aias.set_schedule(
    text, text, text, text, text, jsonb, text, text, integer, interval, timestamptz, timestamptz, integer, interval
) from public;
grant execute on function
aias.set_schedule(
    text, text, text, text, text, jsonb, text, text, integer, interval, timestamptz, timestamptz, integer, interval
) to aias_app, aias_admin;
comment on function
aias.set_schedule(
    text, text, text, text, text, jsonb, text, text, integer, interval, timestamptz, timestamptz, integer, interval
) is
'Makes or changes a schedule that starts a workflow by a cron expression in a time zone, and returns its id.';
