-- aias_private.scrub_person: a text with a person's address and id replaced.
--
-- Promise   the address becomes <pseudonym>@erased.invalid (RFC 2606: it reaches nobody), the id the pseudonym; JSON stays JSON. A null
--           pattern finds nothing.
create or replace function aias_private.scrub_person(
    p_text text,
    p_email_pattern text,
    p_id_pattern text,
    p_pseudonym text
)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(regexp_replace(e.text, p_id_pattern, p_pseudonym, 'gi'), e.text)
    from (
        select coalesce(
            regexp_replace(p_text, p_email_pattern, p_pseudonym || '@erased.invalid', 'gi'), p_text
        )
    ) as e (text)
$$;
revoke execute on function aias_private.scrub_person(text, text, text, text) from public;
comment on function aias_private.scrub_person(text, text, text, text) is
'A text with a person''s address and id replaced by a pseudonym.';
