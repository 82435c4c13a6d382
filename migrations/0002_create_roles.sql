-- Roles, and who sees which tenant.
--
-- Roles belong to the whole server, so several databases may share them: each is made only where it is missing.
do $$
declare
    v_role text;
begin
    foreach v_role in array array['aias_app', 'aias_worker', 'aias_analyst', 'aias_admin'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
            begin
                execute pg_catalog.format('create role %I nologin', v_role);
            exception
                -- another database of this server made it in the same moment
                when duplicate_object or unique_violation then null;
            end;
        end if;
    end loop;
end;
$$;

grant usage on schema aias to aias_app, aias_worker, aias_analyst, aias_admin;
grant usage on schema aias_private to aias_worker, aias_admin;

-- Workers and administrators work on the tables and helpers themselves; whatever comes later is theirs as well.
grant execute on all functions in schema aias_private to aias_worker, aias_admin;
alter default privileges in schema aias_private grant execute on functions to aias_worker, aias_admin;
alter default privileges in schema aias_private
grant select, insert, update, delete on tables to aias_worker, aias_admin;

-- A role that is handed SQL of its own is mapped to its tenant here, and the mapping wins over the setting.
-- No foreign key to tenants yet: 0004 adds it when that table exists.
create table aias_private.tenant_roles (
    role_name text not null,
    tenant_id uuid not null,
    created_at timestamptz default aias_private.now() not null,
    constraint tenant_roles_pkey primary key (role_name)
);
comment on table aias_private.tenant_roles is
'Database roles that belong to one tenant: whatever such a role sets, it sees that tenant only.';

-- Inside a SECURITY DEFINER function current_user is the owner; who called is what SET ROLE says, else the login.
create function aias_private.caller_role()
returns name
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case pg_catalog.current_setting('role')
        when 'none' then session_user
        else pg_catalog.current_setting('role')::name
    end
$$;
comment on function aias_private.caller_role() is 'The role on whose behalf the statement runs, also inside a definer''s function.';

create function aias_private.caller_sees_all()
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select not exists (
        select from aias_private.tenant_roles as r where r.role_name = aias_private.caller_role()
    )
    and (
        pg_catalog.pg_has_role(aias_private.caller_role(), 'aias_admin', 'member')
        or pg_catalog.pg_has_role(aias_private.caller_role(), 'aias_worker', 'member')
        or pg_catalog.pg_has_role(aias_private.caller_role(), 'aias_analyst', 'member')
        or pg_catalog.pg_has_role(
            aias_private.caller_role(),
            (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'aias_private'),
            'member'
        )
    )
$$;
comment on function aias_private.caller_sees_all() is
'Whether the caller sees every tenant: administrators, workers, analysts and the owner do, unless mapped to a tenant.';

create function aias_private.caller_tenant()
returns uuid
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select r.tenant_id from aias_private.tenant_roles as r where r.role_name = aias_private.caller_role()),
        nullif(pg_catalog.current_setting('aias.tenant_id', true), '')::uuid
    )
$$;
comment on function aias_private.caller_tenant() is
'The tenant that a confined caller is confined to: its role''s, else the setting aias.tenant_id; null means none at all.';

revoke execute on all functions in schema aias_private from public;
-- views call these on behalf of whoever reads them
grant execute on function
aias_private.now(), aias_private.caller_role(), aias_private.caller_sees_all(), aias_private.caller_tenant()
to aias_app, aias_worker, aias_analyst, aias_admin;
