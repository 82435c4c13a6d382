from __future__ import annotations

import pytest

from tests.schemas.calls import Connection

FORMATS: list[tuple[str, list[str], list[str]]] = [
    (
        "date",
        ["2024-02-29", "2000-02-29", "1999-12-31", "0000-01-01"],
        ["2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-1-1", "20240101", "2024-01-01 ", "infinity", ""],
    ),
    (
        "time",
        ["00:00:00Z", "23:59:59.999z", "12:30:00+05:30", "23:59:60Z", "01:29:60+01:30", "15:59:60-08:00"],
        ["24:00:00Z", "12:60:00Z", "12:30:61Z", "12:30:60Z", "12:30:00", "12:30Z", "12:30:00.Z", "12:30:00+24:00"],
    ),
    (
        "date-time",
        ["2024-01-01T00:00:00Z", "2024-01-01t00:00:00.5z", "2024-02-29T23:59:60-00:00"],
        ["2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2023-02-29T00:00:00Z", "2024-01-01", "now", "T00:00:00Z"],
    ),
    (
        "email",
        ["buyer.017@example.com", "a+b@c", "o'x@sub.example.co"],
        ["", "a", "@b", "a@", "a@@b", "a b@c", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@-b", "x" * 65 + "@b", "é@b"],
    ),
    (
        "uuid",
        ["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
        [
            "2eb8aa08aa9811eab4aa73b441d16380",
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
            "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
        ],
    ),
    (
        "uri",
        [
            "https://example.com",
            "https://user@example.com:8080/a/b?c=d&e=%20#f",
            "http://[::1]/",
            "urn:isbn:0451450523",
            "mailto:a@b.c",
            "file:///a",
        ],
        [
            "",
            "example.com",
            "/a",
            "//a/b",
            "https://a b",
            "https://a/%zz",
            "https://a/\\",
            "1a:b",
            "https://é",
            "https://[x",
        ],
    ),
    (
        "hostname",
        ["example.com", "a", "xn--nxasmq6b", "1.2", "x" * 63],
        ["", "-a", "a-", "a_b", "a..b", ".a", "a.", "x" * 64, "é", ("x" * 63 + ".") * 4 + "x"],
    ),
    (
        "ipv4",
        ["0.0.0.0", "127.0.0.1", "255.255.255.255"],
        ["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4.", "1.2.3.a", "", "1..2.3"],
    ),
]


def matches(tx: Connection, name: str, text: str) -> bool:
    row = tx.execute("select aias_private.json_format_matches(%s, %s)", [name, text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(("name", "good", "bad"), FORMATS, ids=[f[0] for f in FORMATS])
def test_a_format_tells_good_from_bad(tx: Connection, name: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not matches(tx, name, text)] == []
    assert [text for text in bad if matches(tx, name, text)] == []
    assert [text for text in good if matches(tx, name, text + "\n")] == []


def test_no_setting_of_the_session_changes_an_answer(tx: Connection) -> None:
    tx.execute("set local datestyle = 'German, DMY'; set local timezone = 'Asia/Kolkata'")
    assert matches(tx, "date", "2024-02-29")
    assert not matches(tx, "date", "29.02.2024")


def test_an_unknown_format_is_met_by_nothing(tx: Connection) -> None:
    assert not matches(tx, "phone", "1")
