-- A rule on what the HTTP API answers: the share of an endpoint's requests that fail on our side.
insert into aias_private.alert_sources (name, key_kind, unit, description)
values
('endpoint_errors', 'endpoint', 'percent', 'Requests of an endpoint within the window that failed on our side (5xx); from 20 requests on.');

insert into aias_private.alert_rules (
    name, source, comparison, threshold, window_length, for_duration, severity, tells, renotify_every, inhibited_by, position,
    is_shipped, description
)
values
(
    'endpoint_errors', 'endpoint_errors', '>', 5, '15 min', '0', 'critical', '{operators}', '4 h', '{}', 30, true,
    'More than 5 % of an endpoint''s requests fail on our side.'
);
