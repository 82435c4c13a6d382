-- aias_private.check_sequences: sequences that near their end.
--
-- Caller    aias_private.look_at_health, for the check sequences.
-- Promise   by the smaller of the sequence's own end and that of the column that it fills.
create or replace function aias_private.check_sequences()
returns table (
    object text,
    problem text
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        s.name::text,
        format('%s %% of its numbers are used', round(100 * s.last_value::numeric / s.most))
    from (
        select
            format('%I.%I', q.schemaname, q.sequencename) as name,
            q.last_value,
            least(
                q.max_value::numeric,
                case a.atttypid when 'smallint'::regtype then 32767 when 'integer'::regtype then 2147483647 end
            ) as most
        from pg_catalog.pg_sequences as q
        left join pg_catalog.pg_depend as d
            on d.classid = 'pg_catalog.pg_class'::regclass
            and d.objid = format('%I.%I', q.schemaname, q.sequencename)::regclass
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjsubid > 0
            and d.deptype in ('a', 'i')
        left join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where not q.cycle and q.increment_by > 0
    ) as s
    where s.last_value > 0.8 * s.most
    order by 1
$$;
revoke execute on function aias_private.check_sequences() from public;
comment on function aias_private.check_sequences() is
'Sequences that have used more than 80 % of their numbers.';
