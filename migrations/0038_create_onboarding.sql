-- Onboarding: what new people are written, and when. Sequences are rows; so is each mail to each person, from the day they are enrolled.
--
-- A mail lies in the outbox of the notices, with the person that it is for instead of a channel's recipients.
-- squawk-ignore-file require-concurrent-index-creation
alter table aias_private.tenants
-- where it lives and what it reads; null: UTC, English
add column time_zone text,
add column language text,
add column trial_started_at timestamptz,
add column trial_ends_at timestamptz,
-- when it chose a plan during or after its trial
add column converted_at timestamptz;
-- few tenants, and every row fits: nothing waits
alter table aias_private.tenants
-- squawk-ignore constraint-missing-not-valid
add constraint language_is_a_code check (language ~ '^[a-z]{2}$'),
-- squawk-ignore constraint-missing-not-valid
add constraint trial_ends_after_its_start check (trial_ends_at >= trial_started_at),
-- squawk-ignore constraint-missing-not-valid
add constraint trial_ends_where_it_started check ((trial_started_at is null) = (trial_ends_at is null));
create index tenants_trial_started_idx on aias_private.tenants (trial_started_at) where trial_started_at is not null;

alter table aias_private.users
-- null: as the tenant has it
add column time_zone text,
add column language text;
alter table aias_private.users
-- squawk-ignore constraint-missing-not-valid
add constraint language_is_a_code check (language ~ '^[a-z]{2}$');

-- the person that a notice is for: its mail goes to them and not to the channel's recipients
alter table aias_private.notices
add column person_tenant_id uuid,
add column person_id uuid;
alter table aias_private.notices
-- squawk-ignore constraint-missing-not-valid
add constraint person_is_whole check ((person_tenant_id is null) = (person_id is null)),
-- the columns are new and empty: nothing is scanned
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
add constraint notices_person_fkey foreign key (person_tenant_id, person_id)
references aias_private.users (tenant_id, id) on delete cascade;
create index notices_person_idx on aias_private.notices (person_tenant_id, person_id)
where person_tenant_id is not null and person_id is not null;

-- made again from its file, with the person; only the system's own workers call it
-- squawk-ignore ban-drop-function
drop function if exists aias_private.claim_deliveries(text, integer, interval, uuid);

create table aias_private.onboarding_sequences (
    name text not null,
    description text not null,
    -- what a person's days are counted from
    starts_at text not null,
    -- who is written to
    roles text[] not null,
    is_enabled boolean default true not null,
    constraint onboarding_sequences_pkey primary key (name),
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint starts_at_is_known check (starts_at in ('sign_up', 'trial')),
    constraint roles_are_known check (
        cardinality(roles) >= 1 and cardinality(roles) <= 3 and roles <@ array['owner', 'member', 'viewer']
    )
);
comment on table aias_private.onboarding_sequences is 'Sequences of mails to new people.';

create table aias_private.onboarding_steps (
    sequence text not null,
    name text not null,
    -- local days after the start
    delay_days integer not null,
    -- local time
    send_at time default '09:00' not null,
    -- a step whose goal the tenant has reached is skipped; null: always sent
    goal text,
    template text not null,
    channel text default 'email' not null,
    is_enabled boolean default true not null,
    constraint onboarding_steps_pkey primary key (sequence, name),
    constraint onboarding_steps_sequence_fkey foreign key (sequence)
    references aias_private.onboarding_sequences (name) on delete cascade,
    constraint name_is_a_word check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint template_is_a_word check (template ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint delay_is_within_a_year check (delay_days between 0 and 365),
    constraint morning_is_before_evening check (send_at between time '05:00' and time '20:00'),
    constraint goal_is_known check (goal in ('connected', 'first_workflow', 'first_success', 'automated', 'plan_chosen')),
    constraint channel_is_known check (channel = 'email')
);
comment on table aias_private.onboarding_steps is 'The mails of each sequence: when, unless which goal is met, and what they say.';

insert into aias_private.onboarding_sequences (name, description, starts_at, roles)
values
('welcome', 'The first two weeks of a new person.', 'sign_up', '{owner,member,viewer}'),
('trial', 'How long the trial still lasts, to those who decide.', 'trial', '{owner}');
insert into aias_private.onboarding_steps (sequence, name, delay_days, goal, template)
values
('welcome', 'getting_started', 0, null, 'getting_started'),
('welcome', 'integration_setup', 1, 'connected', 'integration_setup'),
('welcome', 'first_workflow', 3, 'first_success', 'first_workflow'),
('welcome', 'advanced_features', 7, 'automated', 'advanced_features'),
('welcome', 'success_stories', 14, null, 'success_stories'),
('trial', 'halfway', 7, 'plan_chosen', 'trial_halfway'),
('trial', 'ending', 11, 'plan_chosen', 'trial_ending'),
('trial', 'last_day', 13, 'plan_chosen', 'trial_last_day');

create table aias_private.onboarding_people (
    tenant_id uuid not null,
    user_id uuid not null,
    sequence text not null,
    started_at timestamptz not null,
    constraint onboarding_people_pkey primary key (tenant_id, user_id, sequence),
    constraint onboarding_people_user_fkey foreign key (tenant_id, user_id)
    references aias_private.users (tenant_id, id) on delete cascade,
    constraint onboarding_people_sequence_fkey foreign key (sequence)
    references aias_private.onboarding_sequences (name) on delete cascade
);
create index onboarding_people_sequence_idx on aias_private.onboarding_people (sequence);
comment on table aias_private.onboarding_people is 'Who is in which sequence, and since when.';

create table aias_private.onboarding_mails (
    tenant_id uuid not null,
    user_id uuid not null,
    sequence text not null,
    step text not null,
    id uuid default aias_private.uuid7() not null,
    state text default 'planned' not null,
    due_at timestamptz not null,
    skip_reason text,
    -- the notice in the outbox; it goes when retention drops it, and the state stays
    notice_id uuid,
    queued_at timestamptz,
    finished_at timestamptz,
    open_count integer default 0 not null,
    opened_at timestamptz,
    click_count integer default 0 not null,
    clicked_at timestamptz,
    -- once ever: whatever happens, there is no second row
    constraint onboarding_mails_pkey primary key (tenant_id, user_id, sequence, step),
    constraint onboarding_mails_id_key unique (tenant_id, id),
    constraint onboarding_mails_person_fkey foreign key (tenant_id, user_id, sequence)
    references aias_private.onboarding_people (tenant_id, user_id, sequence) on delete cascade,
    constraint onboarding_mails_step_fkey foreign key (sequence, step)
    references aias_private.onboarding_steps (sequence, name) on delete cascade,
    constraint state_is_known check (state in ('planned', 'queued', 'sent', 'failed', 'in_doubt', 'skipped')),
    constraint skip_reason_set_when_skipped check ((skip_reason is not null) = (state = 'skipped')),
    constraint skip_reason_is_known check (
        skip_reason in ('goal_met', 'unsubscribed', 'trial_ended', 'switched_off', 'too_late')
    ),
    constraint queued_at_set_when_in_the_outbox check (
        (queued_at is not null) = (state in ('queued', 'sent', 'failed', 'in_doubt'))
    ),
    constraint finished_at_set_when_final check (
        (finished_at is not null) = (state in ('sent', 'failed', 'in_doubt', 'skipped'))
    )
);
create index onboarding_mails_due_idx on aias_private.onboarding_mails (due_at) where state = 'planned';
create index onboarding_mails_outbox_idx on aias_private.onboarding_mails (notice_id)
where state in ('queued', 'failed', 'in_doubt');
create index onboarding_mails_id_idx on aias_private.onboarding_mails (id);
create index onboarding_mails_step_idx on aias_private.onboarding_mails (sequence, step);
comment on table aias_private.onboarding_mails is 'Each mail of each person: planned, in the outbox, sent, or skipped and why. Once ever.';

create table aias_private.mail_preferences (
    tenant_id uuid not null,
    user_id uuid not null,
    unsubscribed_at timestamptz,
    -- since when the person lets opens and clicks be counted; null: not
    consented_at timestamptz,
    constraint mail_preferences_pkey primary key (tenant_id, user_id),
    constraint mail_preferences_user_fkey foreign key (tenant_id, user_id)
    references aias_private.users (tenant_id, id) on delete cascade
);
comment on table aias_private.mail_preferences is 'What people want of our mails; no row: mails, not counted.';

-- What links in mails are sealed with. They work for as long as the mails lie around, so it is not the master key, which is replaced.
create table aias_private.link_keys (
    is_only boolean default true not null,
    inner_key bytea not null,
    outer_key bytea not null,
    constraint link_keys_pkey primary key (is_only),
    constraint there_is_one_row check (is_only),
    constraint keys_fill_a_block check (octet_length(inner_key) = 64 and octet_length(outer_key) = 64)
);
insert into aias_private.link_keys (inner_key, outer_key)
select
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as inner_key,
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as outer_key;
comment on table aias_private.link_keys is 'The secret that links in mails are sealed with.';

alter table aias_private.onboarding_people enable row level security;
alter table aias_private.onboarding_people force row level security;
create policy tenant_isolation on aias_private.onboarding_people
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.onboarding_mails enable row level security;
alter table aias_private.onboarding_mails force row level security;
create policy tenant_isolation on aias_private.onboarding_mails
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));
alter table aias_private.mail_preferences enable row level security;
alter table aias_private.mail_preferences force row level security;
create policy tenant_isolation on aias_private.mail_preferences
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

insert into aias_private.retention_policies (table_name, action, note)
values
('onboarding_people', 'keep', 'a row per person and sequence, by which nobody is enrolled twice; goes with the person'),
('onboarding_mails', 'keep', 'some rows per person, by which no mail is sent twice; goes with the person'),
('mail_preferences', 'keep', 'a row per person; who unsubscribed stays so; goes with the person');
