-- Lanes and plans: reference rows, changeable at run time.
create table aias_private.lanes (
    name text not null,
    queue_name text not null,
    base_priority integer not null,
    weight integer not null,
    description text not null,
    constraint lanes_pkey primary key (name),
    constraint lanes_queue_name_key unique (queue_name),
    -- the engine's channel name is a prefix of 23 characters and the queue's name, 63 in all
    constraint queue_name_fits_a_channel check (length(queue_name) between 1 and 40),
    constraint weight_is_positive check (weight > 0)
);
comment on table aias_private.lanes is 'Named classes of service: one queue, one base priority, one weight each.';

insert into aias_private.lanes (name, queue_name, base_priority, weight, description)
values
('critical', 'critical', 100, 64, 'Work that people wait for, whatever the plan.'),
('enterprise', 'enterprise', 80, 32, 'Executions of tenants on the plan enterprise.'),
('pro', 'pro', 60, 16, 'Executions of tenants on the plan pro.'),
('starter', 'starter', 40, 8, 'Executions of tenants on the plan starter.'),
('retry', 'retry', 30, 8, 'Retries, of all plans: an upstream in trouble does not hold up first attempts.'),
('free', 'free', 20, 4, 'Executions of tenants on the plan free.'),
('bulk', 'bulk', 10, 2, 'Backfills and other mass work.'),
('maintenance', 'maintenance', 0, 1, 'The system''s own periodic work.');

create table aias_private.plans (
    name text not null,
    lane text not null,
    executions_per_month bigint,
    concurrent_executions integer not null,
    requests_per_minute integer not null,
    workflow_count integer,
    constraint plans_pkey primary key (name),
    constraint plans_lane_fkey foreign key (lane) references aias_private.lanes (name),
    constraint limits_are_positive check (
        coalesce(executions_per_month, 1) > 0
        and concurrent_executions > 0
        and requests_per_minute > 0
        and coalesce(workflow_count, 1) > 0
    )
);
create index plans_lane_idx on aias_private.plans (lane);
comment on table aias_private.plans is 'What a tenant pays for: its lane, quotas and limits. A null quota is unlimited.';

insert into aias_private.plans (
    name, lane, executions_per_month, concurrent_executions, requests_per_minute, workflow_count
)
values
('free', 'free', 500, 2, 60, 5),
('starter', 'starter', 10000, 10, 300, 25),
('pro', 'pro', 200000, 50, 1200, 250),
('enterprise', 'enterprise', null, 200, 6000, null);
