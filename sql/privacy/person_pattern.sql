-- aias_private.person_pattern: the regular expression that finds an address or an id, in text, in JSON and in URLs.
--
-- Promise   whatever the case (match with the flag i); `@` also as %40; not as a part of a longer address or word. What JSON or
--           bytea's form `escape` puts before a character (\n, \u001f, \012) is no part of it. Null for null.
create or replace function aias_private.person_pattern(
    p_value text
)
returns text
language sql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
    select
        '(?:(?<![[:alnum:]._%+-])|(?<=\\[nrtbf])|(?<=\\u[0-9a-f]{4})|(?<=%[0-9a-f]{2})|(?<=\\[0-7]{3}))(?:'
        || string_agg(
            distinct replace(regexp_replace(f.form, '([^[:alnum:]@])', '\\\1', 'g'), '@', '(?:@|%40)'), '|'
        )
        || ')(?![[:alnum:]_-]|\.[[:alnum:]])'
    from (
        values
        (p_value),
        -- a quote or a backslash, as JSON spells it
        (substr(to_json(p_value)::text, 2, length(to_json(p_value)::text) - 2))
    ) as f (form)
$$;
revoke execute on function aias_private.person_pattern(text) from public;
comment on function aias_private.person_pattern(text) is 'The regular expression that finds an address or an id of a person.';
