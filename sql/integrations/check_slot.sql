-- aias_private.check_slot: when a connection is to be checked next.
--
-- Promise   once in every hour, each connection at its own second of it, so that they don't all ask at once.
create or replace function aias_private.check_slot(
    p_integration uuid,
    p_after timestamptz
)
returns timestamptz
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case when s.slot > p_after then s.slot else s.slot + interval '1 hour' end
    from (
        select
            date_trunc('hour', p_after, 'UTC')
            + make_interval(secs => abs(hashtext(p_integration::text)::bigint) % 3600) as slot
    ) as s
$$;
revoke execute on function aias_private.check_slot(uuid, timestamptz) from public;
comment on function aias_private.check_slot(uuid, timestamptz) is
'The next of a connection''s hourly times after a time.';
