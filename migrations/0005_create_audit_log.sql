-- The audit log: append-only (the triggers stand in sql/audit), partitioned by month through its ids.
--
-- No foreign key to tenants: an audit row outlives what it speaks of. The nil UUID stands for no tenant.
create table aias_private.audit_log (
    id uuid default aias_private.uuid7() not null,
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    at timestamptz default aias_private.now() not null,
    actor text not null,
    actor_kind text not null,
    action text not null,
    object_kind text not null,
    object_id text not null,
    detail jsonb default '{}' not null,
    constraint audit_log_pkey primary key (tenant_id, id),
    constraint actor_kind_is_known check (
        actor_kind in ('user', 'administrator', 'application', 'trigger', 'worker', 'system')
    ),
    constraint detail_is_an_object check (jsonb_typeof(detail) = 'object')
) partition by range (id);
create table aias_private.audit_log_default partition of aias_private.audit_log default;
create index audit_log_id_idx on aias_private.audit_log (id);
create index audit_log_object_idx on aias_private.audit_log (object_kind, object_id);
comment on table aias_private.audit_log is
'Every action of a user, an administrator, an application or a trigger. Rows are never changed or removed by hand.';

alter table aias_private.audit_log enable row level security;
alter table aias_private.audit_log force row level security;
create policy tenant_isolation on aias_private.audit_log
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
