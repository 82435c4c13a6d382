-- People's rights: where personal data lies, who was erased, and how far each erasure is.
create table aias_private.personal_data (
    -- a table of aias_private, else with its schema
    table_name text not null,
    column_name text not null,
    -- the place in a jsonb column; empty: all of it
    path text[] default '{}' not null,
    kind text not null,
    action text not null,
    reason text not null,
    constraint personal_data_pkey primary key (table_name, column_name, kind, path),
    constraint kind_is_known check (kind in ('user', 'customer', 'none')),
    constraint action_is_known check (action in ('delete', 'anonymize', 'keep', 'none')),
    constraint what_holds_none_is_of_nobody check ((kind = 'none') = (action = 'none')),
    constraint reason_is_short check (length(reason) between 1 and 500)
);
comment on table aias_private.personal_data is
'Where personal data lies and what an erasure does with it; and the columns that hold none.';

-- The rows of the engine's table: its arguments are whatever applications enqueue.
insert into aias_private.personal_data (table_name, column_name, kind, action, reason)
values
('public.procrastinate_jobs', 'args', 'user', 'anonymize', 'what applications enqueue'),
('public.procrastinate_jobs', 'last_error', 'user', 'anonymize', 'a message may quote its input');

-- The register: outlives the tenant (no foreign key), because archives are restored by it.
create table aias_private.erasures (
    tenant_id uuid not null,
    id uuid default aias_private.uuid7() not null,
    -- SHA-256 of the user's id and of the address in lower case
    subject_hash bytea not null,
    email_hash bytea not null,
    -- stands where the person stood
    pseudonym text not null,
    -- the id and the address, for as long as they are looked for
    subject_id uuid,
    subject_email text,
    status text default 'running' not null,
    pass integer default 1 not null,
    reason text not null,
    requested_by text not null,
    requested_at timestamptz default aias_private.now() not null,
    finished_at timestamptz,
    certificate jsonb,
    constraint erasures_pkey primary key (tenant_id, id),
    constraint erasures_subject_key unique (tenant_id, subject_hash),
    constraint hashes_are_sha256 check (octet_length(subject_hash) = 32 and octet_length(email_hash) = 32),
    constraint status_is_known check (status in ('running', 'done')),
    constraint pass_is_1_or_2 check (pass in (1, 2)),
    constraint subject_is_known_while_running check (
        num_nulls(subject_id, subject_email) = case status when 'running' then 0 else 2 end
    ),
    constraint certificate_set_when_done check (
        (certificate is not null) = (status = 'done') and (finished_at is not null) = (status = 'done')
    ),
    constraint reason_is_short check (length(reason) between 1 and 2000)
);
create index erasures_id_idx on aias_private.erasures (id);
create index erasures_subject_idx on aias_private.erasures (subject_hash);
create index erasures_email_idx on aias_private.erasures (email_hash);
comment on table aias_private.erasures is
'Who was erased, by hash only, with the certificate; what is restored from an archive is erased by it again.';

create table aias_private.erasure_items (
    tenant_id uuid not null,
    erasure_id uuid not null,
    table_name text not null,
    -- rows that belong to no tenant, not the tenant's own
    is_global boolean not null,
    position integer not null,
    -- the key of the last row that was looked at
    last_key text[],
    is_done boolean default false not null,
    scanned_count bigint default 0 not null,
    deleted_count bigint default 0 not null,
    anonymized_count bigint default 0 not null,
    constraint erasure_items_pkey primary key (tenant_id, erasure_id, table_name, is_global),
    constraint erasure_items_erasure_fkey foreign key (tenant_id, erasure_id)
    references aias_private.erasures (tenant_id, id) on delete cascade
);
comment on table aias_private.erasure_items is 'How far each erasure is in each table, and what it did there.';

alter table aias_private.erasures enable row level security;
alter table aias_private.erasures force row level security;
create policy tenant_isolation on aias_private.erasures
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.erasure_items enable row level security;
alter table aias_private.erasure_items force row level security;
create policy tenant_isolation on aias_private.erasure_items
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
