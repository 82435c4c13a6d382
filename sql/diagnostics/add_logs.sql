-- aias_private.add_logs: keep log records.
--
-- Caller    the recorder of a process, with up to a thousand at a time.
-- Promise   each once, by its id: a batch whose answer was lost may be sent again. p_records is an array of objects with
--           the columns of aias_private.logs; the class follows from the level.
-- requires: aias_private.nil_uuid
create or replace function aias_private.add_logs(p_records jsonb)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into aias_private.logs (
        tenant_id, id, class, at, level, logger, message, execution_id, step, job_id, correlation_id, trace_id,
        request_id, context, process
    )
    select
        coalesce(r.tenant_id, aias_private.nil_uuid()),
        r.id,
        case when r.level in ('error', 'critical') then 'error' else 'info' end,
        r.at,
        r.level,
        r.logger,
        r.message,
        r.execution_id,
        r.step,
        r.job_id,
        r.correlation_id,
        r.trace_id,
        r.request_id,
        coalesce(r.context, '{}'),
        r.process
    from jsonb_to_recordset(p_records) as r (
        tenant_id uuid,
        id uuid,
        at timestamptz,
        level text,
        logger text,
        message text,
        execution_id uuid,
        step text,
        job_id bigint,
        correlation_id text,
        trace_id text,
        request_id text,
        context jsonb,
        process text
    )
    on conflict (tenant_id, id, class) do nothing
$$;
revoke execute on function aias_private.add_logs(jsonb) from public;
grant execute on function aias_private.add_logs(jsonb) to aias_worker;
comment on function aias_private.add_logs(jsonb) is 'Keeps log records, each once.';
