-- What the HTTP API remembers of requests: answers under idempotency keys, and how many requests were made.

-- Written in the transaction of the request itself: an answer is kept exactly when its effect is.
create table aias_private.http_answers (
    -- the nil UUID for the platform's operators
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    key text not null,
    request_hash bytea not null,
    status integer,
    headers jsonb default '{}' not null,
    body bytea,
    created_at timestamptz default aias_private.now() not null,
    constraint http_answers_pkey primary key (tenant_id, key),
    constraint key_is_short check (length(key) between 1 and 255),
    constraint request_hash_is_sha256 check (octet_length(request_hash) = 32),
    constraint status_is_a_success check (status between 200 and 299),
    constraint headers_are_an_object check (jsonb_typeof(headers) = 'object')
);
create index http_answers_created_at_idx on aias_private.http_answers (created_at);
comment on table aias_private.http_answers is
'The answers given under idempotency keys of HTTP requests, kept for a day.';

alter table aias_private.http_answers enable row level security;
alter table aias_private.http_answers force row level security;
create policy tenant_isolation on aias_private.http_answers
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- The generic cell rate algorithm's one number per limit. Unlogged: after a crash every limit starts afresh, and no request waits
-- for a disk. One row is updated with each request: room for that on the page, and a vacuum after few dead rows.
create unlogged table aias_private.request_rates (
    -- the nil UUID for the platform's operators
    tenant_id uuid not null,
    -- a key's id; empty for the plan's limit of the whole tenant
    key_id text not null,
    theoretical_arrival_at timestamptz not null,
    constraint request_rates_pkey primary key (tenant_id, key_id)
)
with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
comment on table aias_private.request_rates is 'How far the HTTP requests under each limit have come.';

alter table aias_private.request_rates enable row level security;
alter table aias_private.request_rates force row level security;
create policy tenant_isolation on aias_private.request_rates
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
