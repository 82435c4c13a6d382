-- aias_private.record_errors: count failures into their groups.
--
-- Caller    the recorder of a process, a few times a second, with what has gathered since: one element per fingerprint
--           and tenant, so that the cost follows the kinds of failures and not how many there were.
-- Promise   the counts are exact: a batch whose answer was lost is sent again under its number and counts once. Of each group
--           the first 20 occurrences of a minute are kept. A resolved group that fails again is open again, and the audit log says
--           so; an ignored one stays ignored. What gave up for good counts towards its fuse; whether one blew is returned.
-- Locks     groups in the order of their fingerprints, and what hangs on a group under its lock: recorders wait for each other
--           shortly and never deadlock.
-- requires: aias_private.blow_fuses
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias_private.record_errors(
    p_recorder uuid,
    p_batch bigint,
    p_failures jsonb
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reopened record;
    v_now constant timestamptz := aias_private.now();
    v_most_kept constant integer := 20;
begin
    insert into aias_private.error_recorders as r (id, batch)
    values (p_recorder, p_batch)
    on conflict (id) do update
    set batch = excluded.batch, at = v_now
    where r.batch < excluded.batch;
    if not found then
        return false;
    end if;
    for v_reopened in
        with given as materialized (
            select
                f.fingerprint,
                f.type,
                f.message,
                f.frames,
                coalesce(f.tenant_id, aias_private.nil_uuid()) as tenant_id,
                f.failure_count,
                f.first_at,
                f.last_at,
                f.sample,
                f.executions,
                f.occurrences
            from jsonb_to_recordset(p_failures) as f (
                fingerprint text,
                type text,
                message text,
                frames text[],
                tenant_id uuid,
                failure_count bigint,
                first_at timestamptz,
                last_at timestamptz,
                sample jsonb,
                executions uuid[],
                occurrences jsonb
            )
            -- the others only say that something gave up, for its fuse
            where f.failure_count > 0
        ),
        offered as materialized (
            select
                g.fingerprint,
                g.tenant_id,
                o.occurrence,
                row_number() over (partition by g.fingerprint order by o.occurrence ->> 'id') as place
            from given as g
            cross join jsonb_array_elements(g.occurrences) as o(occurrence)
        ),
        groups as (
            insert into aias_private.error_groups as e (
                fingerprint, type, message, frames, first_seen_at, last_seen_at, failure_count, sample, executions,
                minute_at, minute_count
            )
            select
                g.fingerprint,
                min(g.type),
                min(g.message),
                (select l.frames from given as l where l.fingerprint = g.fingerprint limit 1),
                min(g.first_at),
                max(g.last_at),
                sum(g.failure_count),
                (array_agg(g.sample order by g.last_at desc))[1],
                (
                    select l.executions
                    from given as l
                    where l.fingerprint = g.fingerprint
                    order by l.last_at desc
                    limit 1
                ),
                date_trunc('minute', v_now),
                (select count(*) from offered as o where o.fingerprint = g.fingerprint)
            from given as g
            group by g.fingerprint
            order by g.fingerprint
            on conflict (fingerprint) do update
            set
                first_seen_at = least(e.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(e.last_seen_at, excluded.last_seen_at),
                failure_count = e.failure_count + excluded.failure_count,
                sample = excluded.sample,
                executions = (excluded.executions || e.executions)[:20],
                minute_count = excluded.minute_count
                + case when e.minute_at = excluded.minute_at then e.minute_count else 0 end,
                minute_at = excluded.minute_at,
                reopened_at = case
                    when e.status = 'resolved' and excluded.last_seen_at > e.status_at then v_now else e.reopened_at
                end,
                reopen_count = e.reopen_count
                + (e.status = 'resolved' and excluded.last_seen_at > e.status_at)::integer,
                status = case
                    when e.status = 'resolved' and excluded.last_seen_at > e.status_at then 'open' else e.status
                end
            returning
                e.id,
                e.fingerprint,
                e.type,
                e.message,
                e.minute_count,
                e.status,
                e.status_at,
                e.reopened_at
        ),
        tenants as (
            insert into aias_private.error_tenants as t (
                tenant_id, group_id, first_seen_at, last_seen_at, failure_count, sample, executions
            )
            select g.tenant_id, e.id, g.first_at, g.last_at, g.failure_count, g.sample, g.executions
            from given as g
            inner join groups as e on e.fingerprint = g.fingerprint
            order by e.fingerprint, g.tenant_id
            on conflict (tenant_id, group_id) do update
            set
                first_seen_at = least(t.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at),
                failure_count = t.failure_count + excluded.failure_count,
                sample = excluded.sample,
                executions = (excluded.executions || t.executions)[:20]
        ),
        kept as (
            insert into aias_private.error_occurrences (
                tenant_id, id, group_id, at, source, name, message, execution_id, step, job_id, correlation_id,
                trace_id, request_id, traceback, process
            )
            select
                o.tenant_id, r.id, e.id, r.at, r.source, r.name, r.message, r.execution_id, r.step, r.job_id,
                r.correlation_id, r.trace_id, r.request_id, r.traceback, r.process
            from offered as o
            inner join groups as e on e.fingerprint = o.fingerprint
            cross join jsonb_to_record(o.occurrence) as r (
                id uuid,
                at timestamptz,
                source text,
                name text,
                message text,
                execution_id uuid,
                step text,
                job_id bigint,
                correlation_id text,
                trace_id text,
                request_id text,
                traceback text,
                process text
            )
            where
                o.place + e.minute_count
                - (select count(*) from offered as n where n.fingerprint = o.fingerprint) <= v_most_kept
        )
        select e.id, e.type, e.message
        from groups as e
        where e.reopened_at = v_now and e.status = 'open' and e.status_at is not null
    loop
        perform aias_private.record_audit(
            null,
            'error.reopened',
            'error',
            v_reopened.id::text,
            jsonb_build_object('type', v_reopened.type, 'message', v_reopened.message, 'why', 'it returned')
        );
    end loop;
    return aias_private.blow_fuses(p_failures);
end;
$$;
revoke execute on function aias_private.record_errors(uuid, bigint, jsonb) from public;
grant execute on function aias_private.record_errors(uuid, bigint, jsonb) to aias_worker;
comment on function aias_private.record_errors(uuid, bigint, jsonb) is
'Counts failures into their groups, each batch once, and says whether a fuse blew.';
