-- aias.set_onboarding_step: make a step of a sequence, or change one.
--
-- Promise   null leaves a value as it is, and in a new step means the default (09:00, the template of its name, on); an empty goal is none.
--           Planned mails move with the step; people who are under way get a new one where its time lies ahead. Audited.
-- Errors    JR403 not an administrator; JR404 no such sequence; JR422 a value is not valid, or a new step has no delay.
-- requires: aias_private.move_mails
-- requires: aias_private.plan_mails
-- requires: aias_private.record_audit
create or replace function aias.set_onboarding_step(
    p_sequence text,
    p_step text,
    p_delay_days integer,
    p_send_at time,
    p_goal text,
    p_template text,
    p_is_enabled boolean
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem text;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'only an administrator changes sequences' using errcode = 'JR403', column = 'p_sequence';
    end if;
    if not exists (select from aias_private.onboarding_sequences as q where q.name = p_sequence) then
        raise exception 'there is no sequence %', coalesce(quote_literal(p_sequence), 'null')
            using errcode = 'JR404', column = 'p_sequence';
    end if;
    begin
        update aias_private.onboarding_steps as s
        set
            delay_days = coalesce(p_delay_days, s.delay_days),
            send_at = coalesce(p_send_at, s.send_at),
            goal = nullif(coalesce(p_goal, s.goal), ''),
            template = coalesce(p_template, s.template),
            is_enabled = coalesce(p_is_enabled, s.is_enabled)
        where s.sequence = p_sequence and s.name = p_step;
        if not found then
            insert into aias_private.onboarding_steps (
                sequence, name, delay_days, send_at, goal, template, is_enabled
            )
            values (
                p_sequence,
                p_step,
                p_delay_days,
                coalesce(p_send_at, '09:00'),
                nullif(p_goal, ''),
                coalesce(p_template, p_step),
                coalesce(p_is_enabled, true)
            );
        end if;
    exception
        when check_violation or not_null_violation then
            get stacked diagnostics v_problem = message_text;
            raise exception 'the step is not valid: %', v_problem using errcode = 'JR422', column = 'p_step';
    end;
    perform aias_private.move_mails(null, null, p_sequence, p_step);
    perform aias_private.plan_mails(null, p_sequence);
    perform aias_private.record_audit(
        null,
        'onboarding.step_set',
        'onboarding_step',
        p_sequence || '/' || p_step,
        jsonb_strip_nulls(
            jsonb_build_object(
                'delay_days', p_delay_days,
                'send_at', p_send_at,
                'goal', p_goal,
                'template', p_template,
                'is_enabled', p_is_enabled
            )
        )
    );
end;
$$;
revoke execute on function aias.set_onboarding_step(text, text, integer, time, text, text, boolean) from public;
grant execute on function aias.set_onboarding_step(text, text, integer, time, text, text, boolean) to aias_admin;
comment on function aias.set_onboarding_step(text, text, integer, time, text, text, boolean) is
'Makes a step of a sequence of mails, or changes one. Administrators only.';
