"""Every message of every template has its translation in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from aias.onboarding import known_languages, known_templates, preview, rendering

FOLDER = Path(rendering.__file__).parent


def messages() -> set[str]:
    environment = rendering._templates("en")
    found: set[str] = set()
    for path in (FOLDER / "templates").glob("*.j2"):
        for _line, _function, message in environment.extract_translations(path.read_text()):  # pyright: ignore[reportAttributeAccessIssue]
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.mark.parametrize("language", known_languages()[1:])
def test_no_message_lacks_its_translation_and_none_is_left_over(language: str) -> None:
    with (FOLDER / "languages" / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    translated = {str(one.id) for one in catalog if one.id and one.string and not one.fuzzy}
    assert messages() - translated == set()
    assert translated - messages() == set()
    assert [error for one in catalog for error in one.check(catalog)] == []


@pytest.mark.parametrize("template", known_templates())
def test_each_mail_says_the_same_as_html_and_as_text_in_its_language(template: str) -> None:
    english, german = preview(template, "en"), preview(template, "de")
    assert english.subject != german.subject
    assert '<html lang="de">' in german.html
    assert "Hallo Ada," in german.text
    assert "Hallo Ada," in german.html
    for written in (english, german):
        assert "https://aias.example/mail/unsubscribe/preview" in written.text
        assert "https://aias.example/mail/unsubscribe/preview" in written.html
        assert ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") in written.headers
        assert 'name="viewport"' in written.html
