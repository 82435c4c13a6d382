-- aias_private.count_executions: count the executions that have ended and those that have begun since the last time.
--
-- Caller    the task aias.roll_up_metrics, each minute, until it returns true.
-- Promise   the rollups equal the executions and steps that are committed, up to now. A transaction that commits late is not lost, however
--           late: what it writes bears the time of its beginning, so the time since then is counted again once it has ended. The open
--           ones are remembered from one count to the next; one that is not remembered began after the last count. In one transaction:
--           killed, it has done nothing.
-- Cost      what has ended and begun since, and once for each long transaction the time that it was open. A day at most per call, an
--           hour at a time.
-- Returns   whether there is nothing left; true also while another roll-up is at work.
-- Locks     the advisory one of the roll-ups.
-- requires: aias_private.open_transactions
-- requires: aias_private.recount_executions
create or replace function aias_private.count_executions()
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    -- a transaction's time is taken a moment before it shows as open
    v_margin constant interval := interval '1 minute';
    v_source aias_private.metric_sources;
    v_open text[];
    v_remembered jsonb;
    v_from timestamptz;
    v_until timestamptz;
    v_late_from timestamptz;
    v_hour timestamptz;
begin
    if not pg_try_advisory_xact_lock(hashtext('aias_private.metric_minutes')) then
        return true;
    end if;
    select s.* into strict v_source from aias_private.metric_sources as s where s.name = 'executions';
    -- before anything is read: what commits from here on is remembered as open, or seen, or both
    v_open := aias_private.open_transactions();
    v_remembered := coalesce(
        (
            select jsonb_object_agg(
                o.id,
                coalesce(
                    v_source.open_transactions -> o.id,
                    -- before the first count nobody remembers: a day is believed to be enough
                    to_jsonb(coalesce(v_source.counted_at, v_now - interval '1 day') - v_margin)
                )
            )
            from unnest(v_open) as o(id)
        ),
        '{}'
    );
    v_late_from := (
        select min((o.since #>> '{}')::timestamptz)
        from jsonb_each(v_source.open_transactions) as o(id, since)
        where o.id <> all(v_open)
    );
    v_from := v_source.counted_until - v_margin;
    if v_from is null then
        v_from := least(
            (select min(e.started_at) from aias_private.executions as e),
            (select min(e.finished_at) from aias_private.executions as e where e.finished_at is not null),
            v_now
        );
    end if;
    v_until := least(v_now, v_from + interval '1 day');
    v_hour := date_trunc('minute', least(v_from, v_late_from));
    while v_hour <= v_until loop
        perform aias_private.recount_executions(
            v_hour, least(v_hour + interval '1 hour', date_trunc('minute', v_until) + interval '1 minute')
        );
        v_hour := v_hour + interval '1 hour';
    end loop;
    update aias_private.metric_sources as s
    set counted_until = v_until, counted_at = v_now, open_transactions = v_remembered
    where s.name = 'executions';
    return v_until = v_now;
end;
$$;
revoke execute on function aias_private.count_executions() from public;
comment on function aias_private.count_executions() is
'Counts the executions that have ended or begun since the last time, and says whether nothing is left.';
