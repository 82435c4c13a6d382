-- aias_private.set_task_schema: say what arguments a task takes.
--
-- Caller    a worker at its start, for tasks that declare their arguments.
-- Promise   from now on aias.enqueue_job checks the arguments of the task; null removes the check. Writes nothing when it is
--           so already: many workers start at once.
create or replace function aias_private.set_task_schema(
    p_task text,
    p_schema jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_schema is null then
        delete from aias_private.task_schemas as t where t.task_name = p_task;
        return;
    end if;
    insert into aias_private.task_schemas as t (task_name, schema)
    values (p_task, p_schema)
    on conflict (task_name) do update
    set schema = excluded.schema, updated_at = aias_private.now()
    where t.schema <> excluded.schema;
end;
$$;
revoke execute on function aias_private.set_task_schema(text, jsonb) from public;
grant execute on function aias_private.set_task_schema(text, jsonb) to aias_worker;
comment on function aias_private.set_task_schema(text, jsonb) is
'Sets the JSON Schema that a task''s arguments are checked against.';
