-- aias_private.failure_advice: what the tenant can do about a failure, in a sentence.
--
-- p_error is an error as steps keep it: {"type", "message", "detail"}.
create or replace function aias_private.failure_advice(p_error jsonb)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_error ->> 'type' = 'OutcomeUnknown' then
            'Look at the other side whether it happened, and say so: aias effect resolve.'
        when p_error ->> 'type' = 'GateClosed' then
            'The service is not available; when it is again, run it once more: aias execution replay.'
        when p_error ->> 'message' like '%refused the credentials%' then
            'Connect again (aias integration connect), then run it once more: aias execution replay.'
        when p_error ->> 'type' in ('TransientError', 'Timeout', 'DeferredTooOften') then
            'The service did not answer as it should; when it does, run it once more: aias execution replay.'
        when p_error ->> 'type' = 'ChildExecution' then
            'Look at the execution that it started: aias execution show.'
        else 'Correct what the error names, then run it once more: aias execution replay.'
    end
$$;
revoke execute on function aias_private.failure_advice(jsonb) from public;
comment on function aias_private.failure_advice(jsonb) is 'What the tenant can do about a failure, in a sentence.';
