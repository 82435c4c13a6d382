-- aias_private.json_pattern_refusal: why a pattern is not accepted.
-- requires: aias_private.json_class_refusal
--
-- Caller    the check of a schema, when a workflow is applied.
-- Promise   null for a pattern that compiles in PostgreSQL, means there what ECMA 262 says, and is cheap to compile
--           and to match; else its first fault.
-- Subset    literals, . [classes] \d \D \w \W \s \S, \n \r \t \f \v \uXXXX, escaped punctuation, ( ) (?: ) | ^ $ and
--           the greedy * + ? {m} {m,} {m,n}. Not: back-references, look-around, lazy and possessive quantifiers, \b,
--           \p, \x, named groups, flags: they differ, or invite backtracking.
-- Limits    PostgreSQL's matcher does not backtrack on this subset, but it may compile at length: counted repetition
--           multiplies states (500 at most), optional parts in a row take cubic time (50 at most), ^ and $ in
--           alternatives or repetitions exponential time (10 at most, none inside a repetition).
create or replace function aias_private.json_pattern_refusal(
    p_pattern text
)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens constant text :=
        '\\u[0-9a-fA-F]{4}|\\.|\\|\[(?:\\u[0-9a-fA-F]{4}|\\.|[^\\\]])*\]?'
        '|\(\?.|\(|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}|.';
    v_escape constant text :=
        '^\\(?:[nrtfvdDwWsS]|[!-/:-@[-^`{-~]|u(?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4})$';
    v_token text;
    v_before text := 'start';            -- start (of a branch), atom, anchor, repeated
    v_low integer;
    v_high integer;
    v_anchors integer := 0;
    -- {states, optional parts, anchors} of the last atom, of the open group, and of those around it
    v_atom integer[];
    v_group integer[] := '{0, 0, 0}';
    v_outer integer[] := '{}';
    v_depth integer := 0;
begin
    if char_length(p_pattern) > 500 then
        return 'is longer than 500 characters';
    end if;
    for v_token in
        select m.token[1]
        from regexp_matches(p_pattern, v_tokens, 'g') with ordinality as m (token, place)
        order by m.place
    loop
        if v_token in ('*', '+', '?') or v_token ~ '^\{.+\}$' then
            if v_before = 'start' then
                return format('repeats nothing by %s', v_token);
            elsif v_before = 'repeated' then
                return format('uses a second quantifier, %s (lazy and possessive ones are not supported)', v_token);
            elsif v_before = 'anchor' or v_atom[3] > 0 then
                return format('repeats ^ or $ by %s', v_token);
            end if;
            v_low := case
                when v_token in ('*', '?') then 0
                when v_token = '+' then 1
                else substring(v_token from '^\{([0-9]+)')::integer
            end;
            v_high := case
                when v_token in ('*', '?', '+') then 1
                else coalesce(substring(v_token from '([0-9]+)\}$')::integer, v_low + 1)
            end;
            if v_high > 255 then
                return format('repeats more than 255 times by %s', v_token);
            elsif v_high < v_low then
                return format('has its bounds in the wrong order in %s', v_token);
            end if;
            v_group[1] := v_group[1] + v_atom[1] * (greatest(v_high, 1) - 1);
            v_group[2] := v_group[2] + v_atom[2] * (greatest(v_high, 1) - 1) + (v_low = 0)::integer;
            v_before := 'repeated';
        elsif v_token in ('(', '(?:') then
            v_outer := v_outer || v_group;
            v_depth := v_depth + 1;
            v_group := '{0, 0, 0}';
            v_before := 'start';
        elsif v_token like '(?%' then
            return format('uses %s, which is not supported', v_token);
        elsif v_token = ')' then
            if v_depth = 0 then
                return 'closes a group that was not opened';
            end if;
            v_group[2] := v_group[2] + (v_before = 'start')::integer;
            v_atom := v_group;
            v_group := array[
                v_outer[3 * v_depth - 2] + v_atom[1],
                v_outer[3 * v_depth - 1] + v_atom[2],
                v_outer[3 * v_depth] + v_atom[3]
            ];
            v_depth := v_depth - 1;
            v_outer := v_outer[: 3 * v_depth];
            v_before := 'atom';
        elsif v_token = '|' then
            v_group[2] := v_group[2] + (v_before = 'start')::integer;
            v_before := 'start';
        elsif v_token in ('^', '$') then
            v_anchors := v_anchors + 1;
            v_group[3] := v_group[3] + 1;
            v_before := 'anchor';
        elsif v_token in ('{', '}', ']') then
            return format('has a bare %s (write \%s for the character)', v_token, v_token);
        else
            if v_token like '[%' and aias_private.json_class_refusal(v_token) is not null then
                return aias_private.json_class_refusal(v_token);
            elsif v_token like '\\%' and v_token !~ v_escape then
                return format('uses %s, which is not supported', v_token);
            end if;
            v_atom := '{1, 0, 0}';
            v_group[1] := v_group[1] + 1;
            v_before := 'atom';
        end if;
        if v_group[1] > 500 or v_group[2] > 50 or v_anchors > 10 or v_depth > 30 then
            return 'is too complex (at most 500 repeated characters, 50 optional parts, 10 of ^ and $, 30 levels)';
        end if;
    end loop;
    if v_depth > 0 then
        return 'does not close a group';
    end if;
    return null;
end;
$$;

revoke execute on function aias_private.json_pattern_refusal(text) from public;

comment on function aias_private.json_pattern_refusal(text) is
'Why a JSON Schema pattern is refused, as the end of a sentence; null when it is accepted.';
