-- aias_private.claim_answer: take an idempotency key of an HTTP request, or give the answer that was given under it.
--
-- Caller    the HTTP API, at the start of a request's transaction; keep_answer ends what this begins.
-- Promise   of requests with the same key one is executed: another one waits here until that has committed, and gets its
--           answer, or until it has rolled back, and is executed itself. After a day a key is free again.
-- Returns   no row: the key is taken, go on. One row: the answer.
-- Locks     the key's row, until the transaction that took it ends (lock_timeout bounds the wait).
-- Errors    JR409 the key stands for another request.
-- requires: aias_private.nil_uuid
create or replace function aias_private.claim_answer(
    p_tenant uuid,
    p_key text,
    p_request_hash bytea
)
returns table (
    status integer,
    headers jsonb,
    body bytea
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_tenant constant uuid := coalesce(p_tenant, aias_private.nil_uuid());
    v_now constant timestamptz := aias_private.now();
    v_known aias_private.http_answers;
begin
    insert into aias_private.http_answers as a (tenant_id, key, request_hash, created_at)
    values (v_tenant, p_key, p_request_hash, v_now)
    on conflict (tenant_id, key) do update
    set request_hash = excluded.request_hash, status = null, headers = '{}', body = null, created_at = excluded.created_at
    where a.created_at < v_now - interval '1 day';
    if found then
        return;
    end if;
    select a.* into strict v_known
    from aias_private.http_answers as a
    where a.tenant_id = v_tenant and a.key = p_key;
    if v_known.request_hash <> p_request_hash then
        raise exception 'the idempotency key % stands for another request', quote_literal(p_key)
            using errcode = 'JR409', column = 'idempotency_key';
    end if;
    return query values (v_known.status, v_known.headers, v_known.body);
end;
$$;
revoke execute on function aias_private.claim_answer(uuid, text, bytea) from public;
comment on function aias_private.claim_answer(uuid, text, bytea) is
'Takes an idempotency key of an HTTP request, or gives the answer that was given under it.';
