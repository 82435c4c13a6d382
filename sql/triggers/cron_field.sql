-- aias_private.cron_field: read one field of a cron expression, strictly.
--
-- Caller    assert_cron.
-- Promise   the values that it stands for; those that depend on the month (L, LW, MON#2, 5L) come as -1. Accepts exactly
--           what the library accepts that computes the due times (cronsim); a property test holds the two together.
-- Errors    JR422 the field is malformed; the message says which and why.
create or replace function aias_private.cron_field(
    p_field text,
    p_value text
)
returns integer[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    c_names constant text[] := case p_field
        when 'month' then array['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
        when 'day of the week' then array['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
        else array[]::text[]
    end;
    c_first constant integer := case when p_field in ('day of the month', 'month') then 1 else 0 end;
    c_last constant integer := case p_field
        when 'minute' then 59
        when 'hour' then 23
        when 'day of the month' then 31
        when 'month' then 12
        else 7
    end;
    v_found integer[] := array[]::integer[];
    v_values integer[];
    v_term text;
    v_range text;
    v_step text;
    v_bound text;
    v_bounds integer[];
    v_why text;
begin
    foreach v_term in array string_to_array(p_value, ',') loop
        v_range := split_part(v_term, '/', 1);
        v_step := case when strpos(v_term, '/') > 0 then substr(v_term, strpos(v_term, '/') + 1) end;
        v_values := null;
        v_why := case
            when v_term = '' then 'is empty'
            when p_field = 'day of the week' and strpos(v_term, 'L') > 0 and v_term !~ '^0*[0-7]L$'
                then 'L follows one day of the week from 0 to 7'
            when p_field = 'day of the week' and strpos(v_term, '#') > 0 and strpos(v_term, 'L') = 0
                and v_term !~ '^(0*[0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#0*[1-5]$'
                then '# stands between one day of the week and a number from 1 to 5'
            when v_step !~ '^[0-9]+$' then format('the step %L is not a number', v_step)
            when v_step ~ '^0+$' then 'a step is at least 1'
        end;
        if v_why is null then
            if v_range = '*' then
                v_values := array(select generate_series(c_first, c_last));
            elsif p_field = 'day of the month' and v_range in ('L', 'LW')
                or p_field = 'day of the week' and v_term ~ '[L#]'
            then
                v_values := array[-1];
            else
                v_bounds := array[]::integer[];
                foreach v_bound in array array[
                    split_part(v_range, '-', 1),
                    case when strpos(v_range, '-') > 0 then substr(v_range, strpos(v_range, '-') + 1) end
                ] loop
                    if v_bound is null then
                        v_bounds := v_bounds || v_bounds[1];
                    elsif v_bound = any(c_names) then
                        v_bounds := v_bounds || (array_position(c_names, v_bound) - 1 + c_first);
                    elsif v_bound !~ '^[0-9]+$' then
                        v_why := format('%L is not a value', v_bound);
                    elsif v_bound !~ '^0*[0-9]{1,2}$' or v_bound::integer not between c_first and c_last then
                        v_why := format('%s is not between %s and %s', v_bound, c_first, c_last);
                    else
                        v_bounds := v_bounds || v_bound::integer;
                    end if;
                    exit when v_why is not null;
                end loop;
                if v_why is null and v_bounds[2] < v_bounds[1] then
                    v_why := format('the range %s goes backwards', v_range);
                end if;
                v_values := case when v_why is null then
                    array(select generate_series(v_bounds[1], v_bounds[2]))
                end;
            end if;
        end if;
        if v_why is not null then
            raise exception 'cron: %: % (in %)', p_field, v_why, quote_literal(p_value)
                using errcode = 'JR422', column = 'p_cron';
        end if;
        -- a step after one value runs to the end of the field
        if v_step is not null and v_values <> array[-1] then
            if cardinality(v_values) = 1 then
                v_values := array(select generate_series(v_values[1], c_last));
            end if;
            v_values := array(
                select v.value
                from unnest(v_values) with ordinality as v(value, place)
                where (v.place - 1) % v_step::numeric = 0
            );
        end if;
        v_found := v_found || v_values;
    end loop;
    return v_found;
end;
$$;
revoke execute on function aias_private.cron_field(text, text) from public;
comment on function aias_private.cron_field(text, text) is 'The values that a field of a cron expression stands for.';
