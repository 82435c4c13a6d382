-- aias_private.forget_answers: drop what was kept under idempotency keys and is more than a day old.
--
-- Caller    the system's own schedule `answers`.
-- Promise   at most 10,000 rows at a time; a row that a request works on is passed over.
-- Plan      http_answers_created_at_idx.
create or replace function aias_private.forget_answers()
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_until constant timestamptz := aias_private.now() - interval '1 day';
    v_count integer;
begin
    with old as (
        select a.tenant_id, a.key
        from aias_private.http_answers as a
        where a.created_at < v_until
        order by a.created_at
        limit 10000
        for update skip locked
    )

    delete from aias_private.http_answers as a
    using old as o
    where a.tenant_id = o.tenant_id and a.key = o.key;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
revoke execute on function aias_private.forget_answers() from public;
comment on function aias_private.forget_answers() is 'Drops the answers of HTTP requests whose idempotency keys have run out.';
