-- aias_private.record_plain_steps: the plain checkpoints of a group of calls, in one statement.
--
-- Caller    advance_executions, which holds the executions' rows. Concerns records and successes that are current and whose changes are
--           plain; it leaves the others alone.
-- Promise   what record_steps would have written for each: a step that is done never changes.
-- Returns   p_answers, with the attempts of the steps in the order of the changes, for each record that was taken whole. One whose
--           steps were partly done before stays without answer: record_steps, called again, changes nothing and tells how they are.
create or replace function aias_private.record_plain_steps(
    p_calls aias_private.engine_call[],
    p_answers jsonb[],
    p_now timestamptz
)
returns jsonb[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer record;
    v_answers jsonb[] := p_answers;
begin
    for v_answer in
        with changes as materialized (
            select
                n.place,
                n.verb,
                g.number,
                n.tenant_id,
                n.execution_id,
                n.attempt,
                g.change ->> 'id' as id,
                (g.change ->> 'item')::integer as item,
                g.change ->> 'to' as target,
                g.change
            from unnest(p_calls) as n
            cross join lateral jsonb_array_elements(n.changes) with ordinality as g(change, number)
            where n.verb in ('record', 'finish') and n.is_current and not n.is_busy and n.has_plain_changes
        ),

        written as (
            insert into aias_private.steps as s (
                tenant_id, execution_id, id, item, action, effect, status, attempt_count, execution_attempt, output,
                started_at, finished_at
            )
            select
                c.tenant_id,
                c.execution_id,
                c.id,
                c.item,
                c.change ->> 'action',
                coalesce(c.change ->> 'effect', 'idempotent'),
                c.target,
                (c.target <> 'skipped')::integer,
                c.attempt,
                case when c.target = 'succeeded' then c.change -> 'output' end,
                p_now,
                case when c.target <> 'running' then p_now end
            from changes as c
            on conflict (tenant_id, execution_id, id, item) do update
            set
                attempt_count = s.attempt_count + (excluded.status = 'running')::integer,
                execution_attempt = excluded.execution_attempt,
                started_at = case when excluded.status = 'running' then excluded.started_at else s.started_at end,
                status = excluded.status,
                output = case when excluded.status = 'succeeded' then excluded.output else s.output end,
                error = case when excluded.status = 'succeeded' then null else s.error end,
                wait_kind = null,
                wait_until = null,
                wait_detail = case when excluded.status = 'running' then null else s.wait_detail end,
                finished_at = excluded.finished_at
            where s.status in ('running', 'waiting')
            returning s.tenant_id, s.execution_id, s.id, s.item, s.attempt_count
        )

        select
            c.place,
            jsonb_agg(w.attempt_count order by c.number) as attempts
        from changes as c
        left join written as w
            on
                w.tenant_id = c.tenant_id
                and w.execution_id = c.execution_id
                and w.id = c.id
                and w.item = c.item
        where c.verb = 'record'
        group by c.place
        having count(*) = count(w.id)
    loop
        v_answers[v_answer.place] := v_answer.attempts;
    end loop;
    return v_answers;
end;
$$;
revoke execute on function
aias_private.record_plain_steps(aias_private.engine_call[], jsonb[], timestamptz) from public;
comment on function aias_private.record_plain_steps(aias_private.engine_call[], jsonb[], timestamptz) is
'Writes the plain checkpoints of a group of calls and answers those that only record.';
