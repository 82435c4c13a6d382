-- Workers as we see them (the engine knows an id and a heartbeat), and the schemas of tasks' arguments.
create table aias_private.workers (
    id bigint not null,
    name text,
    host text not null,
    pid integer not null,
    -- null: all queues
    queues text[],
    concurrency integer not null,
    version text not null,
    status text default 'running' not null,
    running_count integer default 0 not null,
    -- how long the worker itself believes in its lease after its last heartbeat; the sweep goes by it
    stalled_after interval not null,
    started_at timestamptz default pg_catalog.now() not null,
    constraint workers_pkey primary key (id),
    constraint workers_id_fkey foreign key (id) references public.procrastinate_workers (id)
    on delete cascade,
    constraint status_is_known check (status in ('running', 'draining')),
    constraint concurrency_is_positive check (concurrency > 0),
    constraint running_count_is_not_negative check (running_count >= 0),
    constraint stalled_after_is_positive check (stalled_after > interval '0')
);
comment on table aias_private.workers is
'The workers that are alive or not yet known to be dead; a row goes when its worker ends or is swept.';

create table aias_private.task_schemas (
    task_name text not null,
    schema jsonb not null,
    updated_at timestamptz default aias_private.now() not null,
    constraint task_schemas_pkey primary key (task_name),
    constraint task_name_is_short check (length(task_name) between 1 and 128),
    constraint schema_is_an_object check (jsonb_typeof(schema) = 'object')
);
comment on table aias_private.task_schemas is
'The JSON Schema of a task''s arguments; a task without a row takes any object.';
