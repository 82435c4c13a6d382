-- The guard in front of the engine's job table, and what we add to a job.
--
-- Rows that plain SQL can put there stop the engine: arguments that no client can load (1e5000), times that Python
-- can't represent (-infinity), names too long for a notification channel. Each is refused here, whoever inserts. A row
-- that gets in all the same (a constraint dropped, a restore) is quarantined when it is claimed.
--
-- The columns stand in the engine's table, not beside it: claims, fairness and limits read them with the row. The
-- engine names its columns wherever it writes, so its own workers and its CLI go on working.
--
-- The table is scanned and indexed while it is locked: at installation it is new, and where an engine was there before,
-- it holds waiting jobs, not history.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation, adding-field-with-default

-- aias_private.is_safe_args: may these arguments stand in the job table?
--
-- Caller    the check constraint on the job table, so it must be immutable: it reads nothing but
--           its argument. It lives in this migration because the constraint needs it there.
-- Promise   true only for an object that every client can load: at most 1,000,000 bytes as text,
--           nested at most 64 levels deep (Python's json gives up near 1,000), each number below
--           1e308 in size and with at most 400 decimals. The literal 1e5000 is 6 characters long
--           and stops each worker whose client reads it, for good. Null is false, not null: a
--           check constraint lets null pass.
-- Order     depth first (bounds the recursion of what follows), then numbers (so that 0e-16000,
--           repeated, can't become a gigabyte of text), then the size of the text. Numbers are
--           gathered by jsonb_path_query_array: jsonb_path_query takes quadratic time.
create function aias_private.is_safe_args(
    p_args jsonb
)
returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_args is null
        or jsonb_typeof(p_args) <> 'object'
        or pg_column_size(p_args #> '{}') > 5001000
        or jsonb_path_exists(p_args, 'strict $.**{65}')
    then
        return false;
    end if;
    if exists (
        select
        from jsonb_array_elements(
            jsonb_path_query_array(p_args, 'strict $.** ? (@.type() == "number")')
        ) as number (value)
        where abs(number.value::numeric) >= 1e308 or scale(number.value::numeric) > 400
    ) then
        return false;
    end if;
    return octet_length(p_args::text) <= 1000000;
end;
$$;

revoke execute on function aias_private.is_safe_args(jsonb) from public;

comment on function aias_private.is_safe_args(jsonb) is
'True when job arguments are an object of at most 1,000,000 bytes, 64 levels and loadable numbers.';

-- Whoever inserts a job evaluates the check and the default below under its own rights.
grant execute on function aias_private.is_safe_args(jsonb) to aias_worker, aias_admin;
grant execute on function aias_private.now() to aias_worker, aias_admin;

alter table public.procrastinate_jobs
add column tenant_id uuid,
add column rescue_count integer default 0 not null,
add column created_at timestamptz default aias_private.now() not null,
add column last_error jsonb;

comment on column public.procrastinate_jobs.tenant_id is 'AIAS: the tenant for whom the job runs; null for none.';
comment on column public.procrastinate_jobs.rescue_count is
'AIAS: how often a worker died with the job; after five times it goes to the dead letters.';
comment on column public.procrastinate_jobs.created_at is 'AIAS: when the job was enqueued.';
comment on column public.procrastinate_jobs.last_error is 'AIAS: why the last attempt failed.';

alter table public.procrastinate_jobs
add constraint args_are_an_object check (jsonb_typeof(args) = 'object'),
add constraint args_can_be_loaded check (aias_private.is_safe_args(args)),
add constraint lock_has_at_most_1024_bytes check (octet_length(lock) <= 1024),
add constraint queue_name_has_1_to_40_bytes check (octet_length(queue_name) between 1 and 40),
add constraint queueing_lock_has_at_most_1024_bytes check (octet_length(queueing_lock) <= 1024),
add constraint rescue_count_is_not_negative check (rescue_count >= 0),
-- in every time zone a year that Python knows
add constraint scheduled_at_can_be_read check (
    scheduled_at >= timestamptz '0001-01-03 00:00:00+00'
    and scheduled_at <= timestamptz '9999-12-31 23:59:59.999999+00'
);

-- The order within a lock: who is next, and is one of them running. The engine has no index led by the lock.
create index aias_jobs_lock_idx on public.procrastinate_jobs (lock, priority desc, id)
where lock is not null and status in ('todo', 'doing');

-- When the next job falls due, so that an idle worker wakes for it and not only at its next poll.
create index aias_jobs_due_idx on public.procrastinate_jobs (scheduled_at)
where status = 'todo' and scheduled_at is not null;

-- Deleting a worker sets worker_id to null wherever it stands (the engine's foreign key): without this index that reads
-- the whole table. A job's worker_id is cleared when it ends, so only running jobs are in it.
create index aias_jobs_worker_idx on public.procrastinate_jobs (worker_id)
where worker_id is not null;

-- Running jobs that nobody holds: as good as always empty.
create index aias_jobs_orphan_idx on public.procrastinate_jobs (id)
where status = 'doing' and worker_id is null;

-- The engine's own statements (defer, listing, its periodic jobs) run under the worker's role.
grant select, insert, update, delete on
public.procrastinate_jobs,
public.procrastinate_events,
public.procrastinate_periodic_defers,
public.procrastinate_workers
to aias_worker;
grant usage on
sequence public.procrastinate_jobs_id_seq,
public.procrastinate_events_id_seq,
public.procrastinate_periodic_defers_id_seq,
public.procrastinate_workers_id_seq
to aias_worker;
