-- aias_private.json_pattern_regex: a schema's pattern as a PostgreSQL regular expression.
--
-- Caller    json_pattern_matches. The pattern is one that json_pattern_refusal accepts.
-- Promise   the result matches what ECMA 262 matches, under any collation: . leaves out the line ends, \d and \w
--           are ASCII, \s is ECMA's list of blanks. In PostgreSQL all four mean something else, by collation.
create or replace function aias_private.json_pattern_regex(
    p_pattern text
)
returns text
language plpgsql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
declare
    v_blanks constant text :=
        '\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
begin
    if p_pattern !~ '[.]|\\[dDwWsS]' then
        return p_pattern;
    end if;
    return (
        select
            string_agg(
                case
                    when t.token[1] = '.' then '[^\n\r\u2028\u2029]'
                    when t.token[1] = '\d' then '[0-9]'
                    when t.token[1] = '\D' then '[^0-9]'
                    when t.token[1] = '\w' then '[A-Za-z0-9_]'
                    when t.token[1] = '\W' then '[^A-Za-z0-9_]'
                    when t.token[1] = '\s' then '[' || v_blanks || ']'
                    when t.token[1] = '\S' then '[^' || v_blanks || ']'
                    when t.token[1] like '[%' then
                        (
                            select
                                string_agg(
                                    case c.token[1]
                                        when '\d' then '0-9'
                                        when '\w' then 'A-Za-z0-9_'
                                        when '\s' then v_blanks
                                        else c.token[1]
                                    end,
                                    ''
                                    order by c.place
                                )
                            from regexp_matches(t.token[1], '\\.|[^\\]', 'g') with ordinality as c (token, place)
                        )
                    else t.token[1]
                end,
                ''
                order by t.place
            )
        from
            regexp_matches(p_pattern, '\\.|\[(?:\\.|[^\\\]])*\]|.', 'g') with ordinality as t (token, place)
    );
end;
$$;

revoke execute on function aias_private.json_pattern_regex(text) from public;

comment on function aias_private.json_pattern_regex(text) is
'A JSON Schema pattern, written as the PostgreSQL regular expression that matches the same.';
