-- aias_private.span_id: the span that something is: the second half of its id, of which 62 bits are random.
create or replace function aias_private.span_id(p_id uuid)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select right(replace(p_id::text, '-', ''), 16)
$$;
revoke execute on function aias_private.span_id(uuid) from public;
-- the views call it on behalf of whoever reads them
grant execute on function aias_private.span_id(uuid) to aias_app, aias_analyst, aias_worker, aias_admin;
comment on function aias_private.span_id(uuid) is 'The id of the span that something is.';
