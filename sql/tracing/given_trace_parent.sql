-- aias_private.given_trace_parent: the trace context that a caller named, where it is valid.
--
-- Source    https://www.w3.org/TR/trace-context/#traceparent-header: an invalid one is as good as none; of a later version what
--           this one knows is taken.
create or replace function aias_private.given_trace_parent(p_given text)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case
        when
            p_given ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$'
            and left(p_given, 2) <> 'ff'
            and (left(p_given, 2) <> '00' or length(p_given) = 55)
            and substr(p_given, 4, 32) <> repeat('0', 32)
            and substr(p_given, 37, 16) <> repeat('0', 16)
            -- of the flags of a later version only the known one: sampled
            then '00-' || substr(p_given, 4, 49)
                || '-0' || (('x' || substr(p_given, 54, 2))::bit(8) & b'00000001')::integer::text
    end
$$;
revoke execute on function aias_private.given_trace_parent(text) from public;
-- a view calls it on behalf of whoever reads it
grant execute on function aias_private.given_trace_parent(text) to aias_app, aias_analyst, aias_worker, aias_admin;
comment on function aias_private.given_trace_parent(text) is
'The W3C trace context that a caller named; null where it is not valid.';
