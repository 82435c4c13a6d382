-- aias_private.assert_job_visible: refuse a job that does not exist for the caller.
--
-- Promise   a confined caller finds its own tenant's jobs only; another's is as absent as one that does not exist, and so is
--           a job of no tenant.
-- Errors    JR404 no such job (succeeded ones are deleted).
create or replace function aias_private.assert_job_visible(p_job bigint)
returns void
language plpgsql
stable
security definer
set search_path = public, pg_temp
as $$
begin
    if not exists (
        select
        from procrastinate_jobs as j
        where
            j.id = p_job
            and (aias_private.caller_sees_all() or j.tenant_id = aias_private.caller_tenant())
    ) then
        raise exception 'there is no job %', coalesce(p_job::text, 'null')
            using
                errcode = 'JR404',
                column = 'p_job',
                hint = 'Jobs that succeeded are deleted.';
    end if;
end;
$$;
revoke execute on function aias_private.assert_job_visible(bigint) from public;
comment on function aias_private.assert_job_visible(bigint) is 'Refuses a job that does not exist for the caller.';
