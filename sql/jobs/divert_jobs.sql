-- aias_private.divert_jobs: put the jobs of a blown fuse among the dead letters instead of running them.
--
-- Caller    aias_private.divert, which holds the fuse's row. p_is_first: everything of the task that is due; later only what
--           the fuse's pause has parked, which an index finds.
-- Promise   at most p_limit, in one statement: each is one dead letter that names the fuse, whole, so that it can be enqueued again.
--           What is scheduled for later stays until it falls due. How many it were.
-- Locks     the jobs' rows, skip locked: what a claim holds it parks, and the next call finds it.
-- Plan      aias_jobs_parked_idx; the first look reads the waiting jobs once.
-- requires: aias_private.nil_uuid
create or replace function aias_private.divert_jobs(
    p_tenant uuid,
    p_fuse uuid,
    p_task text,
    p_parked_for text,
    p_reason text,
    p_is_first boolean,
    p_limit integer
)
returns integer
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_ids bigint[];
    v_now constant timestamptz := aias_private.now();
begin
    if p_is_first then
        v_ids := array(
            select j.id
            from procrastinate_jobs as j
            where
                j.status = 'todo'
                and j.task_name = p_task
                and coalesce(j.tenant_id, aias_private.nil_uuid()) = p_tenant
                and (j.scheduled_at is null or j.scheduled_at <= v_now)
            order by j.id
            limit p_limit
            for update skip locked
        );
    else
        v_ids := array(
            select j.id
            from procrastinate_jobs as j
            where j.status = 'todo' and j.parked_for is not null and j.parked_for = p_parked_for
            order by j.id
            limit p_limit
            for update skip locked
        );
    end if;
    with gone as (
        delete from procrastinate_jobs as j
        where j.id = any(v_ids)
        returning j.*
    )
    insert into aias_private.dead_letters (tenant_id, kind, job_id, reason, error, snapshot, fuse_id)
    select
        p_tenant,
        'job',
        g.id,
        left(p_reason, 200),
        jsonb_build_object('type', 'FuseBlown', 'message', p_reason, 'detail', jsonb_build_object('fuse_id', p_fuse)),
        to_jsonb(g),
        p_fuse
    from gone as g
    order by g.id;
    return cardinality(v_ids);
end;
$$;
revoke execute on function aias_private.divert_jobs(uuid, uuid, text, text, text, boolean, integer) from public;
comment on function aias_private.divert_jobs(uuid, uuid, text, text, text, boolean, integer) is
'Puts the jobs of a blown fuse among the dead letters and says how many.';
