-- aias.onboarding_sequences: the sequences of mails, step by step.
create or replace view aias.onboarding_sequences as
select
    s.sequence,
    s.name as step,
    q.starts_at,
    q.roles,
    s.delay_days,
    s.send_at,
    s.goal,
    s.template,
    s.channel,
    q.is_enabled and s.is_enabled as is_enabled
from aias_private.onboarding_steps as s
inner join aias_private.onboarding_sequences as q on s.sequence = q.name;
grant select on aias.onboarding_sequences to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.onboarding_sequences is 'The sequences of mails to new people, one row per step. Fresh.';
comment on column aias.onboarding_sequences.sequence is 'The sequence''s name.';
comment on column aias.onboarding_sequences.step is 'The step''s name, unique in its sequence.';
comment on column aias.onboarding_sequences.starts_at is 'What the days are counted from: sign_up or trial.';
comment on column aias.onboarding_sequences.roles is 'People of which roles are written to.';
comment on column aias.onboarding_sequences.delay_days is 'How many days after the start, on the person''s calendar.';
comment on column aias.onboarding_sequences.send_at is 'At which time of the day there.';
comment on column aias.onboarding_sequences.goal is
'Skipped once the tenant has reached it: connected, first_workflow, first_success, automated or plan_chosen; null: never skipped.';
comment on column aias.onboarding_sequences.template is 'The template of the mail.';
comment on column aias.onboarding_sequences.channel is 'By what it goes: email.';
comment on column aias.onboarding_sequences.is_enabled is 'Whether the step and its sequence are on.';
