-- aias_private.unloadable_number_path: where the first number stands that a client can't load.
-- requires: aias_private.has_unloadable_number
-- requires: aias_private.json_path_step
--
-- Caller    json_input_problems, once it knows that there is one and that the value is not large: each level on the
--           way down looks through the level below.
create or replace function aias_private.unloadable_number_path(
    p_value jsonb
)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    v_path text := '$';
    v_value jsonb := p_value;
    v_step text;
begin
    while jsonb_typeof(v_value) in ('object', 'array') loop
        if jsonb_typeof(v_value) = 'object' then
            select
                aias_private.json_path_step(e.key),
                e.value
            into v_step, v_value
            from jsonb_each(v_value) as e
            where aias_private.has_unloadable_number(e.value)
            limit 1;
        else
            select
                format('[%s]', i.place - 1),
                i.item
            into v_step, v_value
            from jsonb_array_elements(v_value) with ordinality as i (item, place)
            where aias_private.has_unloadable_number(i.item)
            limit 1;
        end if;
        exit when not found;
        v_path := v_path || v_step;
    end loop;
    return left(v_path, 1000);
end;
$$;

revoke execute on function aias_private.unloadable_number_path(jsonb) from public;

comment on function aias_private.unloadable_number_path(jsonb) is
'The JSON path of the first number that common JSON readers refuse or make infinite.';
