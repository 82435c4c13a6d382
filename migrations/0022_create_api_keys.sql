-- Keys of the HTTP API, and what the audit log knows of a request.
--
-- The columns of the audit log are new and null: nothing is rewritten. The indexes are on columns that most rows leave
-- empty or on a small table.
-- squawk-ignore-file require-concurrent-index-creation

create table aias_private.api_keys (
    -- the nil UUID for a key of the platform's operators
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    -- the public part of the token
    id text not null,
    name text not null,
    -- SHA-256 of the token's secret part, which has 256 random bits: no salt, nothing to guess
    secret_hash bytea not null,
    scopes text[] not null,
    requests_per_minute integer,
    created_at timestamptz default aias_private.now() not null,
    created_by text not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    constraint api_keys_pkey primary key (tenant_id, id),
    constraint id_is_16_hexadecimal_digits check (id ~ '^[0-9a-f]{16}$'),
    constraint name_is_not_empty check (length(name) between 1 and 200),
    constraint secret_hash_is_sha256 check (octet_length(secret_hash) = 32),
    constraint scopes_are_some check (cardinality(scopes) between 1 and 100),
    constraint requests_per_minute_is_positive check (requests_per_minute > 0),
    constraint revoked_by_set_when_revoked check ((revoked_by is not null) = (revoked_at is not null))
);
-- a request names its key by the id alone
create unique index api_keys_id_idx on aias_private.api_keys (id);
comment on table aias_private.api_keys is
'Keys of the HTTP API: whose they are, what they may do, and the hashes of their secrets.';

alter table aias_private.api_keys enable row level security;
alter table aias_private.api_keys force row level security;
create policy tenant_isolation on aias_private.api_keys
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

alter table aias_private.audit_log
add column request_id text,
add column address text;

-- Executions are looked up by what they were started with, and those that ended badly are listed by themselves.
create index executions_idempotency_key_idx on aias_private.executions (tenant_id, idempotency_key)
where idempotency_key is not null;
create index executions_trace_idx on aias_private.executions (tenant_id, (split_part(trace_parent, '-', 2)))
where trace_parent is not null;
create index executions_ended_badly_idx on aias_private.executions (tenant_id, status, id)
where status in ('failed', 'cancelled');
