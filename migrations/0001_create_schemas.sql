-- The schemas, the one clock and the ids.
--
-- `aias` is the public interface (functions and views), `aias_private` holds tables, triggers and helpers,
-- `aias_archive` what retention moved away. The functions below stand in a migration, not in sql/, because
-- column defaults depend on them.
create schema if not exists aias;
create schema if not exists aias_private;
create schema if not exists aias_archive;

comment on schema aias is
'The public interface of AIAS: functions and views with stable names. Columns are only ever appended.';
comment on schema aias_private is 'Tables, triggers and helpers of AIAS. Not an interface: may change in any release.';
comment on schema aias_archive is 'Data that retention moved out of the live tables.';

revoke all on schema aias, aias_private, aias_archive from public;

-- The one clock. Tests replace this function in their own database; production has no hook.
create function aias_private.now()
returns timestamptz
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select pg_catalog.now()
$$;
comment on function aias_private.now() is 'The time that every rule of AIAS goes by: the start of the transaction.';

-- UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. PostgreSQL 18 has its own; 15 to 17 get the same by
-- overwriting the head of a random UUID.
do $$
begin
    if to_regprocedure('pg_catalog.uuidv7()') is not null then
        execute $body$
            create function aias_private.uuid7()
            returns uuid
            language sql
            volatile
            parallel safe
            set search_path = pg_catalog, pg_temp
            as 'select pg_catalog.uuidv7()'
        $body$;
    else
        execute $body$
            create function aias_private.uuid7()
            returns uuid
            language sql
            volatile
            parallel safe
            set search_path = pg_catalog, pg_temp
            as $inner$
                select pg_catalog.encode(
                    pg_catalog.set_byte(
                        overlay(
                            pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
                            placing substring(
                                pg_catalog.int8send(
                                    (extract(epoch from pg_catalog.clock_timestamp()) * 1000)::bigint
                                ) from 3
                            ) from 1 for 6
                        ),
                        6,
                        (pg_catalog.get_byte(pg_catalog.uuid_send(pg_catalog.gen_random_uuid()), 6) & 15) | 112
                    ),
                    'hex'
                )::uuid
            $inner$
        $body$;
    end if;
end;
$$;
comment on function aias_private.uuid7() is 'A new UUIDv7: ids sort by the millisecond in which they were made.';

create function aias_private.uuid7_floor(p_at timestamptz)
returns uuid
language sql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
    select (
        pg_catalog.lpad(pg_catalog.to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0')
        || '00000000000000000000'
    )::uuid
$$;
comment on function aias_private.uuid7_floor(timestamptz) is
'The smallest UUID of a millisecond: the bound of a partition and of a search by time over ids.';

create function aias_private.uuid7_time(p_id uuid)
returns timestamptz
language sql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
    select pg_catalog.to_timestamp(
        ('x' || pg_catalog.lpad(pg_catalog.left(pg_catalog.replace(p_id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint
        / 1000.0
    )
$$;
comment on function aias_private.uuid7_time(uuid) is 'The millisecond in which a UUIDv7 was made.';

revoke execute on all functions in schema aias_private from public;
