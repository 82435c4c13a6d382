-- aias_private.industry_word: an industry as templates name it.
--
-- Why       a tenant says its industry in its own words: `Digital Goods`, `digital_goods` and `digital-goods` are one.
create or replace function aias_private.industry_word(
    p_industry text
)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select nullif(trim(both '-' from regexp_replace(lower(p_industry), '[^a-z0-9]+', '-', 'g')), '')
$$;
revoke execute on function aias_private.industry_word(text) from public;
comment on function aias_private.industry_word(text) is 'An industry in small letters and dashes, as templates name it.';
