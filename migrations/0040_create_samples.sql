-- Samples and guidance: what a new tenant finds, and what it is told to do next.
--
-- squawk-ignore-file require-concurrent-index-creation
alter table aias_private.workflows add column is_sample boolean default false not null;
alter table aias_private.integrations add column is_sample boolean default false not null;

-- rollups leave out what stands here: a handful of rows per tenant
create index workflows_sample_idx on aias_private.workflows (tenant_id, id) where is_sample;

create table aias_private.tenant_samples (
    tenant_id uuid not null,
    status text default 'due' not null,
    -- kinds of connection that no local server was set for when they were installed
    missing_kinds text[] default '{}' not null,
    requested_at timestamptz default aias_private.now() not null,
    installed_at timestamptz,
    removed_at timestamptz,
    -- kept when the samples go, with their executions
    first_success_at timestamptz,
    constraint tenant_samples_pkey primary key (tenant_id),
    constraint tenant_samples_tenant_id_fkey foreign key (tenant_id)
    references aias_private.tenants (id) on delete cascade,
    constraint status_is_known check (status in ('due', 'installed', 'removed')),
    constraint installed_at_set_when_installed check (status <> 'installed' or installed_at is not null),
    constraint removed_at_set_when_removed check ((removed_at is not null) = (status = 'removed'))
);
comment on table aias_private.tenant_samples is 'How far the samples of each tenant are: one row, so that they come once.';

alter table aias_private.tenant_samples enable row level security;
alter table aias_private.tenant_samples force row level security;
create policy tenant_isolation on aias_private.tenant_samples
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- The rows are in sql/onboarding/help_texts.sql.
create table aias_private.help_texts (
    page text not null,
    -- empty: whatever the state
    state text default '' not null,
    language text not null,
    title text not null,
    body text not null,
    constraint help_texts_pkey primary key (page, state, language),
    constraint page_is_a_word check (page ~ '^[a-z][a-z0-9-]{0,62}$'),
    constraint state_is_a_word check (state ~ '^([a-z][a-z0-9_]{0,62})?$'),
    constraint language_is_known check (language in ('en', 'de')),
    constraint title_is_short check (length(title) between 1 and 100),
    constraint body_is_short check (length(body) between 1 and 1000)
);
comment on table aias_private.help_texts is 'What each page tells in each state, in English and German.';

create table aias_private.guidance_dismissals (
    tenant_id uuid not null,
    user_id uuid not null,
    kind text not null,
    name text not null,
    dismissed_at timestamptz default aias_private.now() not null,
    constraint guidance_dismissals_pkey primary key (tenant_id, user_id, kind, name),
    constraint guidance_dismissals_user_fkey foreign key (tenant_id, user_id)
    references aias_private.users (tenant_id, id) on delete cascade,
    constraint kind_is_known check (kind in ('help', 'action')),
    constraint name_is_short check (length(name) between 1 and 130)
);
comment on table aias_private.guidance_dismissals is 'Which help texts and proposals a person does not want to see again.';

alter table aias_private.guidance_dismissals enable row level security;
alter table aias_private.guidance_dismissals force row level security;
create policy tenant_isolation on aias_private.guidance_dismissals
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

insert into aias_private.retention_policies (table_name, action, note)
values
('tenant_samples', 'keep', 'one row per tenant; it keeps samples from coming twice'),
('guidance_dismissals', 'keep', 'a few rows per person, which go with the person');

do $$
begin
    -- a parameter more is another function: its file makes it anew
    if to_regprocedure(
        'aias.connect_integration(text,text,text,jsonb,bytea,text,uuid,text,text,interval,interval)'
    ) is not null then
        drop function aias.connect_integration(
            text, text, text, jsonb, bytea, text, uuid, text, text, interval, interval
        );
    end if;
end;
$$;
