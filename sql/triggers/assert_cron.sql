-- aias_private.assert_cron: refuse a cron expression that is malformed or that no date fits.
--
-- Caller    whoever stores one, in the caller's transaction.
-- Promise   returns the expression in its plain form: five fields in capitals with one space between them, macros spelt out.
-- Errors    JR422 with the field and the reason.
-- requires: aias_private.cron_field
create or replace function aias_private.assert_cron(p_cron text)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    c_fields constant text[] := array['minute', 'hour', 'day of the month', 'month', 'day of the week'];
    v_cron text := upper(btrim(p_cron, E' \t'));
    v_fields text[];
    v_values integer[];
    v_days integer[];
begin
    if p_cron is null or length(p_cron) > 200 or p_cron !~ '^[0-9A-Za-z*/,#@ \t-]*$' then
        raise exception 'cron: an expression has at most 200 letters, digits, spaces and * / , - #'
            using errcode = 'JR422', column = 'p_cron';
    end if;
    if v_cron like '@%' then
        v_cron := case v_cron
            when '@YEARLY' then '0 0 1 1 *'
            when '@ANNUALLY' then '0 0 1 1 *'
            when '@MONTHLY' then '0 0 1 * *'
            when '@WEEKLY' then '0 0 * * 0'
            when '@DAILY' then '0 0 * * *'
            when '@MIDNIGHT' then '0 0 * * *'
            when '@HOURLY' then '0 * * * *'
        end;
        if v_cron is null then
            raise exception 'cron: % is not one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually',
                quote_literal(p_cron)
                using errcode = 'JR422', column = 'p_cron';
        end if;
    end if;
    v_fields := regexp_split_to_array(v_cron, '[ \t]+');
    if v_cron = '' or cardinality(v_fields) <> 5 then
        raise exception 'cron: five fields are wanted (minute, hour, day of the month, month, day of the week), not %',
            case when v_cron = '' then 0 else cardinality(v_fields) end
            using errcode = 'JR422', column = 'p_cron';
    end if;
    for v_place in 1..5 loop
        v_values := aias_private.cron_field(c_fields[v_place], v_fields[v_place]);
        if v_place = 3 then
            v_days := v_values;
        elsif
            v_place = 4
            and (v_fields[3] like '*%' or v_fields[5] like '*%')
            and (select min(d) from unnest(v_days) as d) > (
                select max((array[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[m]) from unnest(v_values) as m
            )
        then
            raise exception 'cron: day of the month: the month never has a day %', (select min(d) from unnest(v_days) as d)
                using errcode = 'JR422', column = 'p_cron';
        end if;
    end loop;
    return array_to_string(v_fields, ' ');
end;
$$;
revoke execute on function aias_private.assert_cron(text) from public;
comment on function aias_private.assert_cron(text) is
'Refuses a malformed cron expression with its reason; returns it in its plain form.';
