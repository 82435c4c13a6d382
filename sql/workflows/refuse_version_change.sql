-- aias_private.refuse_version_change: a version of a workflow never changes once it is stored.
--
-- Promise   but one thing: where a person is erased, a pseudonym takes their place in created_by.
-- Errors    JR409 for every other change.
create or replace function aias_private.refuse_version_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        new.created_by ~ 'erased-[0-9a-f]{12}'
        and to_jsonb(new) - 'created_by' = to_jsonb(old) - 'created_by'
    then
        return new;
    end if;
    raise exception 'version % of a workflow never changes: apply a new one', old.version using errcode = 'JR409';
end;
$$;
revoke execute on function aias_private.refuse_version_change() from public;
comment on function aias_private.refuse_version_change() is 'Refuses every change of a stored workflow version, but that a person in it is erased.';

create or replace trigger workflow_versions_are_immutable
before update on aias_private.workflow_versions
for each row execute function aias_private.refuse_version_change();
