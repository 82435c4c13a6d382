-- aias.remove_channel: tell nobody by a channel any more.
--
-- Promise   the channel, its secret, what waits for it and what it delivered are gone; how much that was is in the audit log.
-- Errors    JR403 the caller can't speak for the operators; JR404 no such tenant or channel; JR409 the dashboard stays.
-- requires: aias_private.nil_uuid
-- requires: aias_private.recipient
-- requires: aias_private.record_audit
create or replace function aias.remove_channel(
    p_tenant text,
    p_name text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner constant uuid := aias_private.recipient(p_tenant);
    v_channel aias_private.channels;
begin
    select c.* into v_channel
    from aias_private.channels as c
    where c.tenant_id = v_owner and c.name = p_name
    for update;
    if not found then
        raise exception 'there is no channel %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    if v_channel.kind = 'dashboard' then
        raise exception 'the dashboard stays: switch it off instead' using errcode = 'JR409', column = 'p_name';
    end if;
    perform aias_private.record_audit(
        nullif(v_owner, aias_private.nil_uuid()),
        'channel.removed',
        'channel',
        v_channel.id::text,
        jsonb_build_object(
            'name', p_name,
            'before',
            jsonb_build_object('kind', v_channel.kind, 'config', v_channel.config, 'min_severity', v_channel.min_severity),
            'deliveries', (
                select jsonb_object_agg(d.status, d.delivery_count)
                from (
                    select e.status, count(*) as delivery_count
                    from aias_private.notice_deliveries as e
                    where e.tenant_id = v_owner and e.channel_id = v_channel.id
                    group by e.status
                ) as d
            )
        )
    );
    delete from aias_private.channels as c where c.tenant_id = v_owner and c.id = v_channel.id;
    delete from aias_private.integrations as i
    where i.tenant_id = v_owner and i.id = v_channel.integration_id;
end;
$$;
revoke execute on function aias.remove_channel(text, text) from public;
grant execute on function aias.remove_channel(text, text) to aias_app, aias_admin;
comment on function aias.remove_channel(text, text) is 'Removes a channel with its secret and all that waits for it.';
