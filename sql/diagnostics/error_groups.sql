-- aias.error_groups: errors that are the same, with how often they came.
--
-- A caller that is confined to a tenant sees what the tenant has of each group, and nothing of the others.
-- requires: aias_private.nil_uuid
create or replace view aias.error_groups
with (security_barrier)
as
with caller as (
    select
        aias_private.caller_sees_all() as sees_all,
        aias_private.caller_tenant() as tenant_id
)

select
    g.id,
    g.fingerprint,
    g.type,
    g.message,
    g.frames,
    g.status,
    case when s.sees_all then g.first_seen_at else own.first_seen_at end as first_seen_at,
    case when s.sees_all then g.last_seen_at else own.last_seen_at end as last_seen_at,
    case when s.sees_all then g.failure_count else own.failure_count end as failure_count,
    case
        when s.sees_all
            then (
                select count(*)
                from aias_private.error_tenants as c
                where c.group_id = g.id
            )
        else 1
    end as tenant_count,
    array(
        select t.slug
        from aias_private.error_tenants as e
        inner join aias_private.tenants as t on e.tenant_id = t.id
        where e.group_id = g.id and (s.sees_all or e.tenant_id = s.tenant_id)
        order by e.last_seen_at desc
        limit 20
    ) as tenants,
    case when s.sees_all then g.executions else own.executions end as executions,
    case when s.sees_all then g.sample else own.sample end as sample,
    g.status_at,
    case when s.sees_all then g.status_by end as status_by,
    case when s.sees_all then g.status_reason end as status_reason,
    g.reopened_at,
    g.reopen_count
from aias_private.error_groups as g
cross join caller as s
left join aias_private.error_tenants as own
    on g.id = own.group_id and s.tenant_id = own.tenant_id and not s.sees_all
where s.sees_all or own.group_id is not null;
grant select on aias.error_groups to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.error_groups is
'Errors by type, message and place, with exact counts. A confined caller sees its own tenant''s part. Fresh to 2 seconds.';
comment on column aias.error_groups.id is 'The group''s id, for resolve_error, ignore_error and reopen_error.';
comment on column aias.error_groups.fingerprint is 'What makes them the same: a hash of type, message without what differs, and frames.';
comment on column aias.error_groups.type is 'The exception''s type.';
comment on column aias.error_groups.message is 'The message; numbers, ids and quoted values stand as <n>, <id> and <value>.';
comment on column aias.error_groups.frames is 'Where it was raised in our code: module:function, the innermost first, at most three.';
comment on column aias.error_groups.status is 'open, resolved (fixed; open again when it returns) or ignored.';
comment on column aias.error_groups.first_seen_at is 'When it first came.';
comment on column aias.error_groups.last_seen_at is 'When it last came.';
comment on column aias.error_groups.failure_count is 'How often it came, exactly.';
comment on column aias.error_groups.tenant_count is 'For how many tenants; the system itself counts as one.';
comment on column aias.error_groups.tenants is 'The tenants that it came for, the latest 20, by slug.';
comment on column aias.error_groups.executions is 'The latest executions that met it, at most 20.';
comment on column aias.error_groups.sample is
'One of the latest failures: {"at", "source", "name", "message", "traceback", "tenant_id", "execution_id", "step", ...}.';
comment on column aias.error_groups.status_at is 'When it was last resolved, ignored or reopened by somebody.';
comment on column aias.error_groups.status_by is 'Who did that; for operators.';
comment on column aias.error_groups.status_reason is 'Why, in their words; for operators.';
comment on column aias.error_groups.reopened_at is 'When it last returned after it was resolved.';
comment on column aias.error_groups.reopen_count is 'How often it returned after it was resolved.';
