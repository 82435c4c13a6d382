-- aias_private.limits_of_jobs: under which limits jobs fall.
--
-- Caller    the claim (admit_jobs) and explain_job: one rule for both.
-- Promise   a row per job and limit. Jobs of executions fall under their tenant's plan where no limit of the tenant's own
--           says how many may run.
-- Plan      kept for the session: with an array of ids it would be made anew in each claim, for a third of its time.
create or replace function aias_private.limits_of_jobs(p_ids bigint[])
returns table (
    job_id bigint,
    key text,
    scope text,
    name text,
    has_maximum boolean,
    rate_count integer,
    rate_per interval,
    rate_burst integer
)
language plpgsql
stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    select
        j.id,
        l.key,
        l.scope,
        l.name,
        l.max_running is not null,
        l.rate_count,
        l.rate_per,
        l.rate_burst
    from procrastinate_jobs as j
    inner join aias_private.limits as l
        on l.key in (
            'tenant:' || j.tenant_id,
            'workflow:' || j.workflow_id,
            'key:' || j.tenant_id || ':' || j.limit_key,
            'key:00000000-0000-0000-0000-000000000000:' || j.limit_key
        )
    where j.id = any(p_ids)
    union all
    select
        j.id,
        'tenant:' || j.tenant_id,
        'plan',
        t.plan,
        true,
        null,
        null,
        null
    from procrastinate_jobs as j
    inner join aias_private.tenants as t on t.id = j.tenant_id
    where
        j.id = any(p_ids)
        and j.workflow_id is not null
        and not exists (
            select
            from aias_private.limits as l
            where l.key = 'tenant:' || j.tenant_id and l.max_running is not null
        );
end;
$$;
revoke execute on function aias_private.limits_of_jobs(bigint[]) from public;
comment on function aias_private.limits_of_jobs(bigint[]) is 'The limits under which jobs fall.';
