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
    v_offset text;
    v_minutes integer;
begin
    case p_format
        when 'date-time' then
            return substr(p_text, 11, 1) in ('T', 't')
                and aias_private.json_format_matches('date', left(p_text, 10))
                and aias_private.json_format_matches('time', substr(p_text, 12));
        when 'date' then
            if p_text !~ '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$' then
                return false;
            end if;
            return right(p_text, 2) <= case
                when substr(p_text, 6, 2) in ('04', '06', '09', '11') then '30'
                when substr(p_text, 6, 2) <> '02' then '31'
                when left(p_text, 4)::integer % 400 = 0 then '29'
                when left(p_text, 4)::integer % 100 = 0 then '28'
                when left(p_text, 4)::integer % 4 = 0 then '29'
                else '28'
            end collate "C";
        when 'time' then
            if p_text !~ (
                '^(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.][0-9]+)?'
                '(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$'
            ) then
                return false;
            elsif substr(p_text, 7, 2) <> '60' then
                return true;
            end if;
            -- a leap second ends a day of UTC
            v_offset := coalesce(substring(p_text from '[+-][0-9]{2}:[0-9]{2}$'), '+00:00');
            v_minutes := left(p_text, 2)::integer * 60 + substr(p_text, 4, 2)::integer
                - (left(v_offset, 1) || '1')::integer
                * (substr(v_offset, 2, 2)::integer * 60 + right(v_offset, 2)::integer);
            return (v_minutes + 2880) % 1440 = 1439;
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
            return char_length(p_text) <= 318
                and strpos(p_text, '@') <= 65
                and p_text ~ (
                    '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(?:[.][A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*'
                    '@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
                    '(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$'
                );
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
