-- aias_private.json_format_matches: is this text of that format?
--
-- Promise   date-time, date and time as RFC 3339 (a leap second only at 23:59:60 UTC); email as a dot-atom at a host
--           name; hostname as RFC 1123; uuid, ipv4 and absolute uri (RFC 3986) by their grammar. No setting of the
--           session (DateStyle, TimeZone, collation) changes an answer: immutable. False for another format.
create or replace function aias_private.json_format_matches(
    p_format text,
    p_text text
)
returns boolean
language plpgsql
immutable
parallel safe
strict
set search_path = pg_catalog, pg_temp
as $$
declare
    v_part text[];
    v_minutes integer;
begin
    case p_format
        when 'date-time' then
            v_part := regexp_match(p_text, '^(.{10})[Tt](.+)$');
            return v_part is not null
                and aias_private.json_format_matches('date', v_part[1])
                and aias_private.json_format_matches('time', v_part[2]);
        when 'date' then
            v_part := regexp_match(p_text, '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$');
            return v_part is not null
                and v_part[3]::integer <= case
                    when v_part[2] in ('04', '06', '09', '11') then 30
                    when v_part[2] <> '02' then 31
                    when v_part[1]::integer % 400 = 0 then 29
                    when v_part[1]::integer % 100 = 0 then 28
                    when v_part[1]::integer % 4 = 0 then 29
                    else 28
                end;
        when 'time' then
            v_part := regexp_match(
                p_text,
                '^([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:[.][0-9]+)?'
                '(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$'
            );
            if v_part is null or v_part[3] <> '60' then
                return v_part is not null;
            end if;
            v_minutes := coalesce((v_part[4] || '1')::integer * (v_part[5]::integer * 60 + v_part[6]::integer), 0);
            return (v_part[1]::integer * 60 + v_part[2]::integer - v_minutes + 2880) % 1440 = 1439;
        when 'uuid' then
            return p_text ~ '^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$';
        when 'ipv4' then
            return p_text ~ (
                '^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:[.]|$)){4}$'
            ) and p_text !~ '[.]$';
        when 'hostname' then
            return char_length(p_text) <= 253
                and p_text ~ (
                    '^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
                    '(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$'
                );
        when 'email' then
            v_part := regexp_match(p_text, '^([^@]{1,64})@([^@]+)$');
            return v_part is not null
                and v_part[1] ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(?:[.][A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*$'
                and aias_private.json_format_matches('hostname', v_part[2]);
        when 'uri' then
            return p_text ~ (
                '^[A-Za-z][A-Za-z0-9+.-]*:'
                '(?://(?:(?:[A-Za-z0-9._~!$&''()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?'
                '(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&''()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?(?=[/?#]|$)'
                '|(?!//))'
                '(?:[A-Za-z0-9._~!$&''()*+,;=:@/-]|%[0-9A-Fa-f]{2})*'
                '(?:[?](?:[A-Za-z0-9._~!$&''()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?'
                '(?:#(?:[A-Za-z0-9._~!$&''()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$'
            );
        else
            return false;
    end case;
end;
$$;

revoke execute on function aias_private.json_format_matches(text, text) from public;

comment on function aias_private.json_format_matches(text, text) is
'True when a text is of one of the formats of JSON Schema that are checked.';
