-- aias_private.merge_patch: apply a JSON merge patch.
--
-- Source    RFC 7396: a null removes a member, an object merges, anything else replaces.
create or replace function aias_private.merge_patch(
    p_target jsonb,
    p_patch jsonb
)
returns jsonb
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case
        when jsonb_typeof(p_patch) is distinct from 'object' then p_patch
        else coalesce(
            (
                select jsonb_object_agg(
                    coalesce(t.key, c.key),
                    case when c.key is null then t.value
                        else aias_private.merge_patch(t.value, c.value)
                    end
                )
                from jsonb_each(case when jsonb_typeof(p_target) = 'object' then p_target else '{}' end) as t
                full join jsonb_each(p_patch) as c on c.key = t.key
                where c.key is null or c.value <> 'null'
            ),
            '{}'
        )
    end
$$;
revoke execute on function aias_private.merge_patch(jsonb, jsonb) from public;
comment on function aias_private.merge_patch(jsonb, jsonb) is 'Applies a JSON merge patch (RFC 7396).';
