-- aias.retention_status: the policies, and how the last run of each went.
--
-- requires: aias_private.monthly_partitions
create or replace view aias.retention_status
with (security_barrier)
as
select
    p.table_name as policy,
    p.action,
    p.age,
    p.cadence,
    p.is_enabled,
    p.follows,
    p.note,
    p.last_run_at,
    i.status,
    i.removed_count,
    i.problem,
    s.oldest_at,
    coalesce(s.byte_count, pg_total_relation_size(format('aias_private.%I', p.table_name)::regclass)) as byte_count,
    (
        select count(*)
        from aias_private.retention_overrides as o
        where o.table_name in ('*', p.table_name, p.follows)
    ) as override_count
from aias_private.retention_policies as p
left join lateral (
    select
        case
            when bool_or(t.state = 'failed') then 'failed'
            when bool_or(t.state in ('planned', 'archiving', 'archived', 'detached')) then 'running'
            when bool_or(t.state = 'waiting') then 'waiting'
            else 'done'
        end as status,
        sum(t.gone_count)::bigint as removed_count,
        string_agg(distinct t.detail, '; ') filter (where t.state in ('failed', 'waiting', 'detached')) as problem
    from aias_private.retention_items as t
    where
        t.table_name = p.table_name
        and t.run_id = (
            select l.run_id
            from aias_private.retention_items as l
            where l.table_name = p.table_name
            order by l.run_id desc
            limit 1
        )
    having count(*) > 0
) as i on true
left join lateral (
    select
        min(to_date(right(c.relname, 7), 'YYYY_MM')::timestamp at time zone 'UTC') filter (
            where c.relname ~ '_\d{4}_\d{2}$'
        ) as oldest_at,
        sum(pg_total_relation_size(c.oid))::bigint as byte_count
    from pg_catalog.pg_partition_tree(format('aias_private.%I', p.table_name)::regclass) as r
    inner join pg_catalog.pg_class as c on r.relid = c.oid
) as s on true
where (select aias_private.caller_sees_all())
order by p.table_name;
grant select on aias.retention_status to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.retention_status is
'How long the rows of each growing table are kept, and how the last run went; for those who see all tenants. Fresh.';
comment on column aias.retention_status.policy is 'The table, of aias_private.';
comment on column aias.retention_status.action is
'What happens to what is too old: drop (by month), archive (and then drop), aggregate (and then drop), soft_delete, anonymize, delete, keep.';
comment on column aias.retention_status.age is 'How old rows get; null where they stay, or go with another table''s.';
comment on column aias.retention_status.cadence is 'How often it is looked after: daily, weekly, monthly or quarterly.';
comment on column aias.retention_status.is_enabled is 'Whether it is looked after at all.';
comment on column aias.retention_status.follows is 'The table whose rows these belong to and go with, month by month.';
comment on column aias.retention_status.note is 'Why it is so, where that is not plain.';
comment on column aias.retention_status.last_run_at is 'When a run last took it up; null before the first time.';
comment on column aias.retention_status.status is
'How that run went: done, running, waiting (see problem) or failed; null where none had anything to do.';
comment on column aias.retention_status.removed_count is 'How many rows that run removed; of partitions an estimate.';
comment on column aias.retention_status.problem is 'What is waited for, or what failed.';
comment on column aias.retention_status.oldest_at is 'When the oldest partition begins; null of a table without partitions.';
comment on column aias.retention_status.byte_count is 'The bytes that the table occupies, with indexes and all partitions.';
comment on column aias.retention_status.override_count is 'How many tenants'' holds and contracts apply to it.';
