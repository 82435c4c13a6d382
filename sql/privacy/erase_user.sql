-- aias.erase_user: have a person's data deleted or anonymized everywhere.
--
-- Promise   the erasure is registered and its job enqueued, in the caller's transaction; the job works in batches and resumes where it
--           was killed. Asked again for the same person it answers with the same erasure, also when that is done. The reason and who
--           asked are kept without the person's address and id.
-- Returns   the erasure, to be watched in aias.erasures.
-- Locks     the user.
-- Errors    JR404 no such user; JR422 the reason is missing or too long.
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
-- requires: aias_private.insert_tenant_job
-- requires: aias_private.person_pattern
-- requires: aias_private.scrub_person
-- requires: aias_private.personal_table
-- requires: aias_private.personal_scope
create or replace function aias.erase_user(
    p_user uuid,
    p_reason text
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user aias_private.users;
    v_hash constant bytea := sha256(convert_to(p_user::text, 'UTF8'));
    v_pseudonym constant text := 'erased-' || substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 12);
    v_email text;
    v_id text;
    v_erasure uuid;
begin
    if p_reason is null or length(p_reason) not between 1 and 1000 then
        raise exception 'a reason has 1 to 1000 characters' using errcode = 'JR422', column = 'p_reason';
    end if;
    select u.* into v_user
    from aias_private.users as u
    where
        u.id = p_user
        and (aias_private.caller_sees_all() or u.tenant_id is not distinct from aias_private.caller_tenant())
    for update;
    select e.id into v_erasure
    from aias_private.erasures as e
    where
        e.subject_hash = v_hash
        and (aias_private.caller_sees_all() or e.tenant_id is not distinct from aias_private.caller_tenant());
    if found then
        return v_erasure;
    end if;
    if v_user.id is null then
        raise exception 'there is no user %', coalesce(p_user::text, 'null') using errcode = 'JR404', column = 'p_user';
    end if;
    v_email := aias_private.person_pattern(v_user.email);
    v_id := aias_private.person_pattern(p_user::text);
    insert into aias_private.erasures (
        tenant_id, subject_hash, email_hash, pseudonym, subject_id, subject_email, reason, requested_by
    )
    values (
        v_user.tenant_id,
        v_hash,
        sha256(convert_to(lower(v_user.email), 'UTF8')),
        v_pseudonym,
        p_user,
        v_user.email,
        left(aias_private.scrub_person(p_reason, v_email, v_id, v_pseudonym), 2000),
        aias_private.scrub_person(aias_private.caller_actor(), v_email, v_id, v_pseudonym)
    )
    returning id into v_erasure;
    insert into aias_private.erasure_items (tenant_id, erasure_id, table_name, is_global, position)
    select
        v_user.tenant_id,
        v_erasure,
        d.table_name,
        g.is_global,
        -- the person's own row first: the account is closed with the first batch
        row_number() over (order by d.table_name <> 'users', d.table_name, g.is_global)
    from (
        select distinct p.table_name
        from aias_private.personal_data as p
        where
            p.kind = 'user'
            and p.action in ('delete', 'anonymize')
            and aias_private.personal_table(p.table_name) is not null
    ) as d
    cross join (values (false), (true)) as g (is_global)
    where aias_private.personal_scope(aias_private.personal_table(d.table_name), v_user.tenant_id, g.is_global) is not null;
    -- what is restored from the archive just now; what is restored later is cleared then
    insert into aias_private.erasure_items (tenant_id, erasure_id, table_name, is_global, position)
    select
        v_user.tenant_id,
        v_erasure,
        'aias_archive.' || c.relname,
        true,
        1000000
    from pg_catalog.pg_class as c
    where c.relnamespace = to_regnamespace('aias_archive') and c.relkind = 'r';
    perform aias_private.insert_tenant_job(
        v_user.tenant_id, 'aias.erase_user', jsonb_build_object('erasure_id', v_erasure), null
    );
    perform aias_private.record_audit(
        v_user.tenant_id,
        'user.erasure_requested',
        'user',
        p_user::text,
        jsonb_build_object(
            'erasure', v_erasure, 'reason', aias_private.scrub_person(p_reason, v_email, v_id, v_pseudonym)
        )
    );
    return v_erasure;
end;
$$;
revoke execute on function aias.erase_user(uuid, text) from public;
grant execute on function aias.erase_user(uuid, text) to aias_app, aias_admin;
comment on function aias.erase_user(uuid, text) is
'Has a person''s data deleted or anonymized everywhere; returns the erasure, which aias.erasures shows with its certificate.';
