-- aias_private.note_api_server: say that an HTTP server is there.
--
-- Caller    `aias serve`, when it comes up and each minute. A process lives in real time.
-- Promise   one row per server; those that have said nothing for an hour are forgotten, and the one that was there
--           under the same address on the same machine: it has ended, however.
create or replace function aias_private.note_api_server(
    p_id uuid,
    p_url text,
    p_host_name text
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    delete from aias_private.api_servers as s
    where
        s.heartbeat_at < clock_timestamp() - interval '1 hour'
        or (s.url = p_url and s.host_name = p_host_name and s.id <> p_id);
    insert into aias_private.api_servers (id, url, host_name, started_at, heartbeat_at)
    values (p_id, p_url, p_host_name, clock_timestamp(), clock_timestamp())
    on conflict (id) do update set heartbeat_at = excluded.heartbeat_at;
$$;
revoke execute on function aias_private.note_api_server(uuid, text, text) from public;
comment on function aias_private.note_api_server(uuid, text, text) is
'Says that an HTTP server is there, under which address, on which machine.';
