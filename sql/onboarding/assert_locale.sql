-- aias_private.assert_locale: refuse what is no time zone or no code of a language.
--
-- Errors    JR422 either is not valid; null is nothing to check.
-- requires: aias_private.assert_time_zone
create or replace function aias_private.assert_locale(
    p_time_zone text,
    p_language text
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_time_zone is not null then
        perform aias_private.assert_time_zone(p_time_zone);
    end if;
    if p_language !~ '^[a-z]{2}$' then
        raise exception 'a language is two small letters (ISO 639-1), not %', quote_literal(left(p_language, 100))
            using errcode = 'JR422', column = 'p_language';
    end if;
end;
$$;
revoke execute on function aias_private.assert_locale(text, text) from public;
comment on function aias_private.assert_locale(text, text) is 'Refuses what is no time zone or no code of a language.';
