-- aias_private.spoken_language: in which language a person is talked to: as asked, as the person, as the tenant, else English.
--
-- Promise   one that there are texts in.
create or replace function aias_private.spoken_language(
    p_user uuid,
    p_language text
)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (
            select l.code
            from (values ('en'), ('de')) as l (code)
            where
                l.code = coalesce(
                    lower(left(p_language, 2)),
                    (
                        select coalesce(u.language, t.language)
                        from aias_private.users as u
                        inner join aias_private.tenants as t on t.id = u.tenant_id
                        where u.id = p_user
                    )
                )
        ),
        'en'
    )
$$;
revoke execute on function aias_private.spoken_language(uuid, text) from public;
comment on function aias_private.spoken_language(uuid, text) is 'In which language a person is talked to: en or de.';
