-- Who is signed in to the dashboard, the links by which people sign in, and when an operator looked into a tenant.

create table aias_private.dashboard_sessions (
    -- the nil UUID for a session of the platform's operators
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    -- SHA-256 of the cookie, which has 256 random bits
    token_hash bytea not null,
    user_id uuid,
    key_id text,
    -- the tenant into which an operator looks
    looks_at uuid,
    created_at timestamptz default aias_private.now() not null,
    -- to the minute
    seen_at timestamptz default aias_private.now() not null,
    expires_at timestamptz not null,
    constraint dashboard_sessions_pkey primary key (tenant_id, id),
    constraint dashboard_sessions_user_fkey foreign key (tenant_id, user_id)
    references aias_private.users (tenant_id, id) on delete cascade,
    constraint dashboard_sessions_key_fkey foreign key (tenant_id, key_id)
    references aias_private.api_keys (tenant_id, id) on delete cascade,
    constraint dashboard_sessions_looks_at_fkey foreign key (looks_at)
    references aias_private.tenants (id) on delete set null,
    constraint token_hash_is_sha256 check (octet_length(token_hash) = 32),
    constraint user_or_key_is_set check (num_nonnulls(user_id, key_id) = 1),
    constraint looks_at_is_an_operators check (
        looks_at is null or tenant_id = '00000000-0000-0000-0000-000000000000'
    )
);
-- a request names its session by the hash of its cookie alone
create unique index dashboard_sessions_token_idx on aias_private.dashboard_sessions (token_hash);
create index dashboard_sessions_user_idx on aias_private.dashboard_sessions (tenant_id, user_id);
create index dashboard_sessions_key_idx on aias_private.dashboard_sessions (tenant_id, key_id);
create index dashboard_sessions_looks_at_idx on aias_private.dashboard_sessions (looks_at);
create index dashboard_sessions_expires_idx on aias_private.dashboard_sessions (expires_at);
comment on table aias_private.dashboard_sessions is 'Who is signed in to the dashboard, by the hash of the cookie.';

create table aias_private.sign_in_links (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    user_id uuid not null,
    -- SHA-256 of the link's token, which has 256 random bits
    token_hash bytea not null,
    expires_at timestamptz not null,
    constraint sign_in_links_pkey primary key (tenant_id, id),
    constraint sign_in_links_user_fkey foreign key (tenant_id, user_id)
    references aias_private.users (tenant_id, id) on delete cascade,
    constraint token_hash_is_sha256 check (octet_length(token_hash) = 32)
);
create unique index sign_in_links_token_idx on aias_private.sign_in_links (token_hash);
create index sign_in_links_user_idx on aias_private.sign_in_links (tenant_id, user_id);
create index sign_in_links_expires_idx on aias_private.sign_in_links (expires_at);
comment on table aias_private.sign_in_links is 'Links that sign a person in once; a used one is gone.';

create table aias_private.dashboard_looks (
    -- the nil UUID for a look at all tenants at once
    tenant_id uuid not null,
    -- the nil tenant's session: no foreign key of two columns fits, the session's end takes it along
    session_id uuid not null,
    looked_at timestamptz not null,
    constraint dashboard_looks_pkey primary key (tenant_id, session_id)
);
create index dashboard_looks_session_idx on aias_private.dashboard_looks (session_id);
create index dashboard_looks_looked_at_idx on aias_private.dashboard_looks (looked_at);
comment on table aias_private.dashboard_looks is
'When an operator''s look into a tenant was last written to the audit log, by session.';

alter table aias_private.dashboard_sessions enable row level security;
alter table aias_private.dashboard_sessions force row level security;
create policy tenant_isolation on aias_private.dashboard_sessions
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.sign_in_links enable row level security;
alter table aias_private.sign_in_links force row level security;
create policy tenant_isolation on aias_private.sign_in_links
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.dashboard_looks enable row level security;
alter table aias_private.dashboard_looks force row level security;
create policy tenant_isolation on aias_private.dashboard_looks
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- accounts are looked for by their address alone when somebody asks for a link
-- squawk-ignore require-concurrent-index-creation
create index users_lower_email_idx on aias_private.users (lower(email));

insert into aias_private.retention_policies (table_name, action, age, time_column)
values
('dashboard_sessions', 'delete', '1 day', 'expires_at'),
('sign_in_links', 'delete', '1 day', 'expires_at'),
('dashboard_looks', 'delete', '1 day', 'looked_at');
