-- aias_private.attempt_span: the span of an attempt of a step.
--
-- Promise   made of the step's idempotency key and the number of the attempt, as aias/tracing/context.py makes it: nothing is
--           stored for it.
create or replace function aias_private.attempt_span(
    p_execution uuid,
    p_step text,
    p_item integer,
    p_attempt integer
)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select left(
        md5(
            p_execution::text || ':' || p_step
            || case when p_item >= 0 then ':' || p_item::text else '' end
            || '#' || p_attempt::text
        ),
        16
    )
$$;
revoke execute on function aias_private.attempt_span(uuid, text, integer, integer) from public;
-- the views call it on behalf of whoever reads them
grant execute on function aias_private.attempt_span(uuid, text, integer, integer)
to aias_app, aias_analyst, aias_worker, aias_admin;
comment on function aias_private.attempt_span(uuid, text, integer, integer) is 'The id of the span of an attempt of a step.';
