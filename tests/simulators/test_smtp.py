from __future__ import annotations

import asyncio
import time
from email.message import EmailMessage

import aiosmtplib
import pytest

from aias.simulators import Simulators, SmtpSimulator
from aias.simulators.smtp import MAIL_LIMIT, MAIL_SIZE_LIMIT


def mail(subject: str = "Ihre Rechnung für Zoë", text: str = "Grüße ☕\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "shop@example.com"
    message["To"] = "buyer001@example.com"
    message["Subject"] = subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message


async def send(sims: Simulators, message: EmailMessage, *, timeout: float = 5) -> None:
    await aiosmtplib.send(
        message, hostname=sims.smtp.host, port=sims.smtp.port, start_tls=False, timeout=timeout, username=None
    )


async def test_a_mail_is_kept_as_it_was_meant(sims: Simulators) -> None:
    await send(sims, mail())
    (kept,) = sims.smtp.records()
    assert (kept["from"], kept["to"]) == ("shop@example.com", ["buyer001@example.com"])
    assert (kept["subject"], kept["text"].strip()) == ("Ihre Rechnung für Zoë", "Grüße ☕")
    assert sims.smtp.state()["mails"] == {"count": 1, "kept": 1, "by_recipient": {"buyer001@example.com": 1}}


async def test_any_credentials_are_good(sims: Simulators) -> None:
    async with aiosmtplib.SMTP(hostname=sims.smtp.host, port=sims.smtp.port, start_tls=False) as client:
        await client.login("anyone", "anything")
        await client.send_message(mail())
    assert sims.smtp.mail_count == 1


@pytest.mark.parametrize(
    ("operation", "status", "error"),
    [
        ("connect", 421, aiosmtplib.SMTPHeloError),
        ("mail", 451, aiosmtplib.SMTPSenderRefused),
        ("rcpt", 550, aiosmtplib.SMTPRecipientsRefused),
        ("data", 554, aiosmtplib.SMTPDataError),
    ],
)
async def test_a_reply_can_be_dictated_at_every_step(
    sims: Simulators, operation: str, status: int, error: type[Exception]
) -> None:
    do = {"status": status, "body": "not today"}
    # A greeting that is refused is tried again as HELO, which nothing here touches.
    sims.smtp.faults.add({"match": {"operation": operation}, "times": None, "do": do})
    if operation == "connect":
        async with aiosmtplib.SMTP(hostname=sims.smtp.host, port=sims.smtp.port, start_tls=False) as client:
            with pytest.raises(error):
                await client.ehlo()
        return
    with pytest.raises(error, match="not today"):
        await send(sims, mail())
    assert sims.smtp.mail_count == 0


async def test_a_mail_can_be_taken_and_the_answer_lost(sims: Simulators) -> None:
    sims.smtp.faults.add({"match": {"operation": "data"}, "do": {"drop_after_commit": True}})
    with pytest.raises((aiosmtplib.SMTPException, OSError)):
        await send(sims, mail())
    await send(sims, mail())
    assert sims.smtp.mail_count == 2
    assert [call.status for call in sims.smtp.journal.find("data")] == [None, 250]
    assert [call.effect for call in sims.smtp.journal.find("data")] == [True, True]


async def test_a_connection_can_be_cut_before_the_mail_is_taken(sims: Simulators) -> None:
    sims.smtp.faults.add({"match": {"operation": "rcpt", "id": "buyer001@example.com"}, "do": {"reset": True}})
    with pytest.raises((aiosmtplib.SMTPException, OSError)):
        await send(sims, mail())
    assert sims.smtp.mail_count == 0


async def test_silence_lasts_until_the_client_gives_up(sims: Simulators) -> None:
    sims.smtp.faults.add({"match": {"operation": "mail"}, "do": {"hang": 60}})
    with pytest.raises(aiosmtplib.SMTPTimeoutError):
        await send(sims, mail(), timeout=0.3)
    await send(sims, mail())
    assert sims.smtp.mail_count == 1


async def test_a_mail_above_the_limit_is_refused(sims: Simulators) -> None:
    raw = b"Subject: large\r\n\r\n" + b"x" * 70 + b"\r\n"
    async with aiosmtplib.SMTP(hostname=sims.smtp.host, port=sims.smtp.port, start_tls=False) as client:
        with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
            await client.sendmail("a@example.com", ["b@example.com"], raw * (MAIL_SIZE_LIMIT // len(raw) + 1))
    assert refused.value.code == 552
    assert sims.smtp.mail_count == 0


async def test_old_mails_are_dropped_but_counted(sims: Simulators) -> None:
    sims.smtp.mails.extend({"to": []} for _ in range(MAIL_LIMIT))
    sims.smtp.mail_count = MAIL_LIMIT
    await send(sims, mail())
    assert sims.smtp.state()["mails"]["count"] == MAIL_LIMIT + 1
    assert len(sims.smtp.mails) == MAIL_LIMIT


async def test_what_is_no_mail_is_kept_without_harm(sims: Simulators) -> None:
    reader, writer = await asyncio.open_connection(sims.smtp.host, sims.smtp.port)
    lines = [b"EHLO x", b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.com>", b"DATA"]
    raw = b"\r\n".join(
        [
            b"Content-Type: text/plain; charset=no-such",
            b"Subject: =?x?q?broken",
            b"",
            b"\xff\xfe bytes",
            b".",
            b"QUIT",
            b"",
        ]
    )
    for line in lines:
        writer.write(line + b"\r\n")
        await writer.drain()
        while (await reader.readline())[3:4] == b"-":
            pass
        if line.startswith(b"EHLO"):
            while (await asyncio.wait_for(reader.readline(), 5))[3:4] == b"-":
                pass
    writer.write(raw)
    await writer.drain()
    await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    assert sims.smtp.mail_count == 1


async def test_stopping_does_not_wait_for_a_client_that_stays() -> None:
    simulator = SmtpSimulator()
    await simulator.start()
    _, writer = await asyncio.open_connection(simulator.host, simulator.port)
    started = time.monotonic()
    await simulator.stop()
    assert time.monotonic() - started < 30
    writer.close()
