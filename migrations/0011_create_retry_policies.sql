-- Retry policies: rows per action, the most exact pattern wins; a step may override each value.
create table aias_private.retry_policies (
    action_pattern text not null,
    max_attempts integer not null,
    initial interval not null,
    factor numeric not null,
    max_delay interval not null,
    constraint retry_policies_pkey primary key (action_pattern),
    constraint pattern_is_a_name_or_a_prefix check (action_pattern ~ '^(\*|[a-z0-9_.-]+(\.\*)?)$'),
    constraint max_attempts_is_bounded check (max_attempts between 1 and 100),
    constraint delays_are_positive check (initial > interval '0' and max_delay >= initial),
    constraint factor_does_not_shrink check (factor >= 1)
);
comment on table aias_private.retry_policies is
'How often and how late a failed attempt is repeated: exponential backoff with full jitter, per action.';

insert into aias_private.retry_policies (action_pattern, max_attempts, initial, factor, max_delay)
values
('*', 5, interval '2 seconds', 3, interval '10 minutes'),
('shopify.*', 8, interval '1 second', 2, interval '5 minutes'),
('wave.*', 8, interval '2 seconds', 2, interval '5 minutes'),
('http.request', 5, interval '1 second', 3, interval '5 minutes'),
('email.send', 8, interval '10 seconds', 3, interval '1 hour'),
('slack.post', 8, interval '1 second', 3, interval '10 minutes'),
('transform', 1, interval '1 second', 1, interval '1 second'),
('branch', 1, interval '1 second', 1, interval '1 second');
