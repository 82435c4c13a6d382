-- aias_private.json_class_refusal: why a [class] of a pattern is not accepted.
--
-- Caller    json_pattern_refusal, with the class as it stands in the pattern, brackets included.
-- Promise   null for a class that means the same in ECMA 262 (with or without its u flag) and in PostgreSQL: single
--           characters, ranges in order, \d \w \s, common escapes, a hyphen first or last. A [ must be escaped:
--           [[:alpha:]] is a list of characters in one and a name in the other.
create or replace function aias_private.json_class_refusal(
    p_class text
)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_single constant text :=
        '(?:[^][\\-]|\\[nrtfv]|\\[!-/:-@[-^`{-~]|\\u(?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4})';
    v_body text := substr(p_class, case when p_class like '[^%' then 3 else 2 end);
    v_range text[];
    v_points integer[];
begin
    if right(v_body, 1) <> ']' then
        return 'does not close a class';
    end if;
    v_body := left(v_body, -1);
    if v_body = '' then
        return 'has an empty class';
    elsif v_body like '--%' or v_body !~ format('^-?(?:%1$s(?:-%1$s)?|\\[dws])*-?$', v_single) then
        return format('has the class %s, of which some part is not supported', left(p_class, 60));
    end if;
    for v_range in
        select m.range
        from
            regexp_matches(
                v_body, format('(%1$s)-(%1$s)|%1$s|\\[dws]|-', v_single), 'g'
            ) with ordinality as m (range, place)
        where m.range[1] is not null
        order by m.place
    loop
        v_points := array(
            select
                case
                    when e.edge like '\\u%' then ('x0000' || substr(e.edge, 3))::bit(32)::integer
                    when e.edge like '\\_' then coalesce(
                        (array[10, 13, 9, 12, 11])[nullif(strpos('nrtfv', right(e.edge, 1)), 0)],
                        ascii(right(e.edge, 1))
                    )
                    else ascii(e.edge)
                end
            from unnest(v_range) with ordinality as e (edge, place)
            order by e.place
        );
        if v_points[1] > v_points[2] then
            return format('has a range in the wrong order in %s', left(p_class, 60));
        end if;
    end loop;
    return null;
end;
$$;

revoke execute on function aias_private.json_class_refusal(text) from public;

comment on function aias_private.json_class_refusal(text) is
'Why a bracket expression of a JSON Schema pattern is refused; null when it is accepted.';
