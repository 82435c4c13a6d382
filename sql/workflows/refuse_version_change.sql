-- aias_private.refuse_version_change: a version of a workflow never changes once it is stored.
--
-- Errors    JR409 always.
create or replace function aias_private.refuse_version_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'version % of a workflow never changes: apply a new one', old.version using errcode = 'JR409';
end;
$$;
revoke execute on function aias_private.refuse_version_change() from public;
comment on function aias_private.refuse_version_change() is 'Refuses every change of a stored workflow version.';

create or replace trigger workflow_versions_are_immutable
before update on aias_private.workflow_versions
for each row execute function aias_private.refuse_version_change();
