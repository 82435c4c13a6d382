-- aias.set_channel: say where a tenant, or the operators, are told.
--
-- Caller    aias.alerts.set_channel() in Python, which checks the settings and seals the secret: a tenant's as a connection of kind
--           channel (p_integration), the operators' under their own key (p_secret, p_key_id; the seal names p_channel).
-- Promise   one channel per tenant and name; setting it again changes it, and makes what waits for it due at once. Without a
--           secret the stored one stays, unless it would go to another server or account. Audited, without the secret.
-- Errors    JR403 the caller can't speak for the operators; JR404 no such tenant or connection; JR409 the name has another kind;
--           JR422 an argument is not valid, or the secret is missing.
-- requires: aias_private.nil_uuid
-- requires: aias_private.recipient
-- requires: aias_private.record_audit
create or replace function aias.set_channel(
    p_tenant text,
    p_name text,
    p_kind text,
    p_config jsonb,
    p_min_severity text default 'info',
    p_kinds text[] default null,
    p_is_enabled boolean default true,
    p_channel uuid default null,
    p_integration uuid default null,
    p_secret bytea default null,
    p_key_id text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner constant uuid := aias_private.recipient(p_tenant);
    v_old aias_private.channels;
    v_id uuid;
    v_constraint text;
begin
    if p_kind = 'dashboard' and p_name is distinct from 'dashboard' then
        raise exception 'there is one dashboard, and it has that name' using errcode = 'JR422', column = 'p_name';
    end if;
    select c.* into v_old
    from aias_private.channels as c
    where c.tenant_id = v_owner and c.name = p_name
    for update;
    if v_old.kind <> p_kind then
        raise exception 'the channel % is of kind %', p_name, v_old.kind using errcode = 'JR409', column = 'p_kind';
    end if;
    if p_integration is not null then
        perform from aias_private.integrations as i
        where i.tenant_id = v_owner and i.id = p_integration and i.kind = 'channel' and i.name = p_name;
        if not found then
            raise exception 'the channel has no sealed secret' using errcode = 'JR404', column = 'p_integration';
        end if;
    elsif p_secret is null and p_kind is distinct from 'dashboard' then
        if v_old.id is null then
            raise exception 'a new channel has a secret' using errcode = 'JR422', column = 'p_secret';
        end if;
        -- else whoever may change a channel could have its password sent to a server of their own
        if (v_old.config -> 'host', v_old.config -> 'port', v_old.config -> 'username', v_old.config -> 'security')
            is distinct from (p_config -> 'host', p_config -> 'port', p_config -> 'username', p_config -> 'security')
        then
            raise exception 'the server or the account is another: give the secret again'
                using errcode = 'JR422', column = 'p_secret';
        end if;
    end if;
    begin
        insert into aias_private.channels as c (
            tenant_id, id, name, kind, config, min_severity, kinds, is_enabled, integration_id, secret, key_id
        )
        values (
            v_owner,
            coalesce(v_old.id, p_channel, aias_private.uuid7()),
            p_name,
            p_kind,
            coalesce(p_config, '{}'),
            p_min_severity,
            p_kinds,
            p_is_enabled,
            coalesce(p_integration, v_old.integration_id),
            coalesce(p_secret, v_old.secret),
            coalesce(p_key_id, v_old.key_id)
        )
        on conflict (tenant_id, name) do update
        set
            config = excluded.config,
            min_severity = excluded.min_severity,
            kinds = excluded.kinds,
            is_enabled = excluded.is_enabled,
            integration_id = excluded.integration_id,
            secret = excluded.secret,
            key_id = excluded.key_id,
            failing_since = null,
            last_error = null,
            updated_at = aias_private.now()
        returning c.id into v_id;
    exception
        when check_violation or not_null_violation then
            get stacked diagnostics v_constraint = constraint_name;
            raise exception 'the channel breaks what holds for every channel: %',
                coalesce(nullif(replace(v_constraint, '_', ' '), ''), 'nothing is null')
                using errcode = 'JR422', column = 'p_name';
    end;
    update aias_private.notice_deliveries as d
    set
        status = case when p_is_enabled then 'pending' else 'discarded' end,
        next_at = case when p_is_enabled then aias_private.now() end,
        finished_at = case when not p_is_enabled then aias_private.now() end
    where d.tenant_id = v_owner and d.channel_id = v_id and d.status = 'pending';
    perform aias_private.record_audit(
        nullif(v_owner, aias_private.nil_uuid()),
        case when v_old.id is null then 'channel.created' else 'channel.changed' end,
        'channel',
        v_id::text,
        jsonb_build_object(
            'name', p_name, 'kind', p_kind, 'config', p_config, 'min_severity', p_min_severity, 'is_enabled', p_is_enabled,
            'has_new_secret', p_integration is not null or p_secret is not null
        )
        || case
            when v_old.id is null then '{}'
            else jsonb_build_object(
                'before',
                jsonb_build_object(
                    'config', v_old.config, 'min_severity', v_old.min_severity, 'kinds', v_old.kinds, 'is_enabled', v_old.is_enabled
                )
            )
        end
    );
    return v_id;
end;
$$;
revoke execute on function
aias.set_channel(text, text, text, jsonb, text, text[], boolean, uuid, uuid, bytea, text) from public;
grant execute on function
aias.set_channel(text, text, text, jsonb, text, text[], boolean, uuid, uuid, bytea, text) to aias_app, aias_admin;
comment on function aias.set_channel(text, text, text, jsonb, text, text[], boolean, uuid, uuid, bytea, text) is
'Says where a tenant, or the operators, are told of alerts; returns the channel''s id.';
