-- aias_private.retry_delay: how long the next attempt waits; null when there is none.
--
-- Promise   exponential backoff with full jitter (a random part of the whole, so that failures of one moment do not
--           return in one moment); what the upstream asks for by Retry-After wins where it is longer, up to a day.
--           A step's own values (p_override) come first, then the most exact pattern of aias_private.retry_policies; where that
--           is the one for every action, the action's own values ("default" in p_override) come before it.
--           "jitter": "equal" in p_override leaves half of the delay as it is.
create or replace function aias_private.retry_delay(
    p_action text,
    p_override jsonb,
    p_attempt_count integer,
    p_retry_after interval
)
returns interval
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select
        case when p_attempt_count < v.max_attempts then
            greatest(
                (case p_override ->> 'jitter' when 'equal' then 0.5 + random() / 2 else random() end) * least(
                    v.max_delay,
                    v.initial * least(power(v.factor, least(p_attempt_count - 1, 60)), 1e9)::double precision
                ),
                -- least() and greatest() pass over nulls
                case when p_retry_after is not null then least(p_retry_after, interval '1 day') end
            )
        end
    from (
        select
            coalesce((o.own ->> 'max_attempts')::integer, p.max_attempts) as max_attempts,
            coalesce(make_interval(secs => (o.own ->> 'initial')::double precision), p.initial) as initial,
            coalesce((o.own ->> 'factor')::numeric, p.factor) as factor,
            coalesce(make_interval(secs => (o.own ->> 'max_delay')::double precision), p.max_delay) as max_delay
        from aias_private.retry_policies as p
        cross join lateral (
            select case when p.action_pattern = '*' then coalesce(p_override -> 'default', '{}') else '{}' end
                || coalesce(p_override, '{}') as own
        ) as o
        where
            p.action_pattern = p_action
            or p.action_pattern = '*'
            or (
                p.action_pattern like '%.*'
                and starts_with(p_action, left(p.action_pattern, -1))
            )
        order by p.action_pattern = p_action desc, length(p.action_pattern) desc
        limit 1
    ) as v
$$;
revoke execute on function aias_private.retry_delay(text, jsonb, integer, interval) from public;
comment on function aias_private.retry_delay(text, jsonb, integer, interval) is
'How long the next attempt of an action waits: backoff with full jitter, or what the upstream asked for.';
