-- aias.export_user: everything that the system holds of a person, as one document.
--
-- Promise   rows that are about the person are there whole; of others the key, the time and the columns that name the person.
--           Nothing sealed or hashed is in it. Also what an erasure keeps. At most 64 MiB: of more the message says how large it is.
--           The export is in the audit log. Reads each table that holds personal data of the tenant once.
-- Errors    JR404 no such user; JR422 the document is too large.
-- requires: aias_private.personal_expressions
-- requires: aias_private.personal_table
-- requires: aias_private.personal_scope
-- requires: aias_private.person_pattern
-- requires: aias_private.record_audit
create or replace function aias.export_user(
    p_user uuid
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most_bytes constant bigint := 64 * 1024 * 1024;
    v_user aias_private.users;
    v_name text;
    v_table regclass;
    v_scope text;
    v_how record;
    v_kept jsonb;
    v_rows bigint;
    v_bytes bigint;
    v_all_rows bigint := 0;
    v_all_bytes bigint := 0;
    v_document jsonb := '{}';
begin
    select u.* into v_user
    from aias_private.users as u
    where
        u.id = p_user
        and (aias_private.caller_sees_all() or u.tenant_id is not distinct from aias_private.caller_tenant());
    if not found then
        raise exception 'there is no user %', coalesce(p_user::text, 'null') using errcode = 'JR404', column = 'p_user';
    end if;
    for v_name, v_table in
        select
            d.table_name,
            aias_private.personal_table(d.table_name)
        from aias_private.personal_data as d
        where d.kind = 'user' and aias_private.personal_table(d.table_name) is not null
        group by d.table_name
        order by d.table_name
    loop
        v_scope := aias_private.personal_scope(v_table, v_user.tenant_id, false);
        continue when v_scope is null;
        select x.* into v_how
        from aias_private.personal_expressions(
            v_table,
            v_name,
            aias_private.person_pattern(v_user.email),
            aias_private.person_pattern(p_user::text),
            'erased'
        ) as x;
        execute format(
            'select'
            '    coalesce(jsonb_agg(f.document) filter (where f.bytes <= %s), ''[]''), count(*), coalesce(max(f.bytes), 0)'
            ' from ('
            '    select d.document, sum(octet_length(d.document::text)) over (rows unbounded preceding) as bytes'
            '    from (select to_jsonb(r.*) as whole, %s as goes, %s as found from %s as r where %s) as r'
            '    cross join lateral (select case when r.goes then r.whole - %L::text[]'
            '        else r.found || jsonb_build_object(''row'', jsonb_strip_nulls(jsonb_build_object(%s))) end) as d (document)'
            '    where r.goes or r.found <> ''{}'''
            ') as f',
            c_most_bytes - v_all_bytes,
            coalesce(v_how.goes, 'false'),
            v_how.found,
            v_table,
            v_scope,
            -- bytes: sealed, hashed, or not to be read
            (
                select coalesce(array_agg(a.attname::text), '{}')
                from pg_catalog.pg_attribute as a
                where a.attrelid = v_table and a.atttypid = 'bytea'::regtype
            ),
            (
                select string_agg(format('%L, r.whole -> %L', a.attname, a.attname), ', ' order by a.attnum)
                from pg_catalog.pg_attribute as a
                where
                    a.attrelid = v_table
                    and a.attnum > 0
                    and not a.attisdropped
                    and a.attname in ('id', 'execution_id', 'item', 'name', 'at', 'created_at', 'started_at', 'received_at')
            )
        )
        into v_kept, v_rows, v_bytes;
        v_all_rows := v_all_rows + v_rows;
        v_all_bytes := v_all_bytes + v_bytes;
        if v_all_bytes <= c_most_bytes and v_rows > 0 then
            v_document := v_document || jsonb_build_object(v_name, v_kept);
        elsif v_all_bytes > c_most_bytes then
            v_document := '{}';
            v_all_bytes := greatest(v_all_bytes, c_most_bytes + 1);
        end if;
    end loop;
    if v_all_bytes > c_most_bytes then
        raise exception 'the export has % rows in % bytes, more than the % bytes of one document',
            v_all_rows, v_all_bytes, c_most_bytes
            using errcode = 'JR422', column = 'p_user';
    end if;
    perform aias_private.record_audit(
        v_user.tenant_id,
        'user.exported',
        'user',
        p_user::text,
        jsonb_build_object('rows', v_all_rows, 'bytes', v_all_bytes)
    );
    return jsonb_build_object(
        'user', p_user,
        'tenant_id', v_user.tenant_id,
        'exported_at', aias_private.now(),
        'row_count', v_all_rows,
        'tables', v_document
    );
end;
$$;
revoke execute on function aias.export_user(uuid) from public;
grant execute on function aias.export_user(uuid) to aias_app, aias_admin;
comment on function aias.export_user(uuid) is
'Everything that the system holds of a person, as one document, by table; at most 64 MiB.';
