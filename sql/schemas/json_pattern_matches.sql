-- aias_private.json_pattern_matches: does a schema's pattern occur in a text?
-- requires: aias_private.json_pattern_regex
--
-- Caller    the checks of strings and of property names; the pattern is one that json_pattern_refusal accepts.
-- Promise   the answer of ECMA 262 (searched for, not anchored). Null for null.
-- Cost      in a text of printable ASCII a pattern means the same in PostgreSQL under collation C: only another
--           text needs the translation, which takes ten times as long as the match.
create or replace function aias_private.json_pattern_matches(
    p_pattern text,
    p_text text
)
returns boolean
language plpgsql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_text ~ '^[ -~]*$' collate "C" then
        return p_text ~ p_pattern collate "C";
    end if;
    return p_text ~ aias_private.json_pattern_regex(p_pattern) collate "C";
end;
$$;

revoke execute on function aias_private.json_pattern_matches(text, text) from public;

comment on function aias_private.json_pattern_matches(text, text) is
'True when a JSON Schema pattern occurs in a text, as ECMA 262 has it.';
