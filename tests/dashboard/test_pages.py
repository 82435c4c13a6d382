"""What holds for every page of the menu, whoever looks."""

from __future__ import annotations

import gzip
import hashlib
import re
from typing import Any

import pytest

from aias.dashboard.navigation import NAVIGATION
from aias.dashboard.rendering import STATIC

ROLES: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "viewer": ("acme", ("*:read",)),
    "owner": ("acme", ("*",)),
    "platform operator": (None, ("*",)),
}


@pytest.mark.parametrize("role", ROLES)
async def test_every_page_of_the_menu_is_there_small_and_with_nothing_inline(browse: Any, role: str) -> None:
    tenant, scopes = ROLES[role]
    browser = await browse(tenant, *scopes)
    for entry in NAVIGATION:
        answer = await browser.get(entry.path)
        assert answer.status_code == 200, (entry.path, answer.text)
        text = answer.text
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"<script(?![^>]* src=\"/static/)|<style|\sstyle=|\son[a-z]+=|javascript:", text), (
            entry.path
        )
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), entry.path
        assert len(gzip.compress(answer.content)) < 100_000, entry.path
        assert text.count("<h1") == 1, entry.path
        assert f'<a href="{entry.path}" aria-current="page">' in text


def test_what_is_of_others_is_listed_with_its_checksum() -> None:
    listed = {line.split()[0]: line.split()[-1] for line in (STATIC / "VENDOR").read_text().splitlines()[2:]}
    assert set(listed) == {file.name for file in STATIC.iterdir() if ".min." in file.name}
    for name, checksum in listed.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == checksum, name


async def test_a_file_of_the_dashboard_may_be_kept_and_no_other_file_is_given(browse: Any) -> None:
    browser = await browse(key=None)
    page = (await browser.get("/sign-in")).text
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
    for path in ("/static/VENDOR", "/static/..%2Fapp.py", "/static/nothing.js"):
        assert (await browser.get(path)).status_code == 404, path
