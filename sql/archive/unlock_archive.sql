-- aias_private.unlock_archive: give up what aias_private.lock_archive took.
create or replace function aias_private.unlock_archive(p_partition text)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select pg_advisory_unlock(hashtextextended('aias archive ' || p_partition, 0))
$$;
revoke execute on function aias_private.unlock_archive(text) from public;
comment on function aias_private.unlock_archive(text) is 'Lets others archive the partition again.';
