-- aias_private.assert_time_zone: refuse what is not the name of an IANA time zone.
--
-- Why       `at time zone` takes abbreviations and POSIX rules as well, whose meaning depends on the server's settings.
-- Errors    JR422 there is no such zone.
create or replace function aias_private.assert_time_zone(p_time_zone text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_time_zone is null
        or p_time_zone in ('Factory', 'localtime', 'posixrules')
        or not exists (select from pg_timezone_names as z where z.name = p_time_zone)
    then
        raise exception 'there is no time zone %: a name such as Europe/Berlin is wanted', coalesce(quote_literal(p_time_zone), 'null')
            using errcode = 'JR422', column = 'p_time_zone';
    end if;
end;
$$;
revoke execute on function aias_private.assert_time_zone(text) from public;
comment on function aias_private.assert_time_zone(text) is 'Refuses what is not the name of an IANA time zone.';
