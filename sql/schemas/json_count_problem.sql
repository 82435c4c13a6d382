-- aias_private.json_count_problem: whether a count breaks one of its two bounds, in words.
--
-- Caller    the checks of strings, arrays and objects; a bound that is null (not given) holds.
create or replace function aias_private.json_count_problem(
    p_count integer,
    p_minimum jsonb,
    p_maximum jsonb,
    p_what text
)
returns jsonb[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_count < p_minimum::numeric then
        return array[
            jsonb_build_object(
                'path', '',
                'message',
                case
                    when p_minimum = '1' then 'must not be empty'
                    else format('must have at least %s %s, has %s', p_minimum, p_what, p_count)
                end
            )
        ];
    elsif p_count > p_maximum::numeric then
        return array[
            jsonb_build_object(
                'path', '',
                'message',
                case
                    when p_maximum = '0' then 'must be empty'
                    else format('must have no more than %s %s, has %s', p_maximum, p_what, p_count)
                end
            )
        ];
    end if;
    return '{}';
end;
$$;

revoke execute on function aias_private.json_count_problem(integer, jsonb, jsonb, text) from public;

comment on function aias_private.json_count_problem(integer, jsonb, jsonb, text) is
'The problem of a count that is below its minimum or above its maximum; empty when it is neither.';
