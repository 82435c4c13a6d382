-- aias_private.role_scopes: what a person may do in the dashboard, in the scopes of the API's keys.
--
-- Promise   an owner may do everything of the tenant; a member (an operator of the tenant) sees everything and works on
--           everything but people, keys, channels, what is kept, and what is erased; a viewer sees.
create or replace function aias_private.role_scopes(p_role text)
returns text[]
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case p_role
        when 'owner' then array['*']
        when 'member' then array[
            '*:read', 'alerts:*', 'cache:*', 'dead-letters:*', 'effects:*', 'errors:*', 'events:*', 'executions:*',
            'fuses:*', 'gates:*', 'integrations:*', 'jobs:*', 'limits:*', 'notifications:*', 'onboarding:*', 'pauses:*',
            'schedules:*', 'telemetry:*', 'templates:*', 'webhook-endpoints:*', 'webhooks:*', 'workflows:*'
        ]
        else array['*:read']
    end
$$;
revoke execute on function aias_private.role_scopes(text) from public;
comment on function aias_private.role_scopes(text) is 'The scopes that a person''s role gives in the dashboard.';
