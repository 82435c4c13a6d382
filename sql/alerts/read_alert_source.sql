-- aias_private.read_alert_source: what a source gives just now.
--
-- Caller    aias_private.apply_alert_rule.
-- Promise   only functions of ours are run: the name stands in aias_private.alert_sources, and the function is aias_private.watch_
--           and the name. Nothing that a user wrote is ever part of a statement.
-- Errors    JR404 there is no such source; and whatever the source itself runs into.
create or replace function aias_private.read_alert_source(
    p_source text,
    p_window interval
)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from aias_private.alert_sources as s where s.name = p_source;
    if not found then
        raise exception 'there is no source %', coalesce(quote_literal(p_source), 'null')
            using errcode = 'JR404', column = 'p_source';
    end if;
    return query execute format(
        'select w.tenant_id, w.key, w.value, w.details from aias_private.%I($1) as w', 'watch_' || p_source
    )
    using p_window;
end;
$$;
revoke execute on function aias_private.read_alert_source(text, interval) from public;
comment on function aias_private.read_alert_source(text, interval) is 'What a source of alerts gives just now, one row per tenant and key.';
