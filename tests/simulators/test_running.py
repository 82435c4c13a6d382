from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from aias.errors import ConfigurationError
from aias.simulators import Ready, running_simulators


async def test_everything_that_a_client_needs_is_told() -> None:
    async with running_simulators() as sims:
        told = json.loads(sims.ready().to_json())
    assert set(told) == {"shopify", "wave", "slack", "smtp"}
    assert set(told["shopify"]) == {"url", "token", "control_url"}
    assert set(told["wave"]) == {"url", "token", "business_id", "control_url"}
    assert set(told["slack"]) == {"url", "control_url"}
    assert set(told["smtp"]) == {"host", "port", "control_url"}
    assert told["wave"]["url"].endswith("/graphql/public")


async def test_only_those_asked_for_run() -> None:
    async with running_simulators(which=["slack"]) as sims:
        assert list(sims.all()) == ["slack"]
        assert json.loads(sims.ready().to_json()).keys() == {"slack"}
        assert sims.wave.base_url == ""


async def test_settings_are_given_at_the_start_and_while_it_runs(client: httpx.AsyncClient) -> None:
    given = {"shopify": {"bucket": 100, "restore_rate": 1}, "wave": {"scopes": ["business:read"], "per_minute": 1}}
    async with running_simulators(which=["shopify", "wave"], settings=given) as sims:
        assert sims.shopify.bucket.status()["maximumAvailable"] == 100
        ask = {"query": "{ user { id } businesses { edges { node { id } } } }"}
        headers = {"Authorization": f"Bearer {sims.wave.token}"}
        answer = (await client.post(sims.wave.url, json=ask, headers=headers)).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
        assert (await client.post(sims.wave.url, json=ask, headers=headers)).status_code == 429
        told = await client.post(f"{sims.wave.control_url}/settings", json={"scopes": None, "per_minute": None})
        assert (told.json()["scopes"], told.json()["at_once"]) == (None, None)
        assert "errors" not in (await client.post(sims.wave.url, json=ask, headers=headers)).json()
        assert (await client.post(f"{sims.wave.control_url}/settings", json={"at_once": 0})).status_code == 422
    with pytest.raises(ConfigurationError, match="no simulator nobody"):
        async with running_simulators(settings={"nobody": {}}):
            pass


async def test_no_port_and_no_task_is_left_behind(client: httpx.AsyncClient) -> None:
    before = asyncio.all_tasks()
    async with running_simulators() as sims:
        await client.post(sims.slack.url, json={"text": "keeps its connection open"})
        urls = [simulator.control_url for simulator in sims.all().values()]
        smtp = (sims.smtp.host, sims.smtp.port)
    for url in urls:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection(*smtp)
    assert asyncio.all_tasks() == before


async def test_a_call_that_hangs_on_purpose_does_not_hold_up_the_end(client: httpx.AsyncClient) -> None:
    async with running_simulators(which=["slack"], faults={"slack": [{"do": {"hang": 3600}}]}) as sims:
        call = asyncio.create_task(client.post(sims.slack.url, json={"text": "a"}))
        async with asyncio.timeout(60):
            while not len(sims.slack.journal):  # noqa: ASYNC110 - the journal rings no bell
                await asyncio.sleep(0)
        started = time.monotonic()
    assert time.monotonic() - started < 20
    with pytest.raises(httpx.TransportError):
        await call


async def test_no_signal_handler_is_installed() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with running_simulators(which=["wave", "smtp"]):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_a_port_that_is_taken_is_named_and_nothing_stays_up() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        before = asyncio.all_tasks()
        for kind in ("slack", "smtp"):
            with pytest.raises(ConfigurationError, match=str(port)):
                async with running_simulators(ports={kind: port}):
                    pass
        assert asyncio.all_tasks() == before


@pytest.mark.parametrize("arguments", [{"which": ["stripe"]}, {"ports": {"stripe": 1}}, {"faults": {"stripe": []}}])
async def test_a_server_that_there_is_not_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="stripe"):
        async with running_simulators(**arguments):  # pyright: ignore[reportArgumentType]
            pass


async def test_a_chosen_port_is_used() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with running_simulators(which=["wave"], ports={"wave": port}) as sims:
        assert sims.wave.url == f"http://127.0.0.1:{port}/graphql/public"


PROGRAM = """
import sys
from aias.simulators import run_forever

def ready(facts):
    print(facts.to_json(), flush=True)

run_forever({"shopify", "wave", "slack", "smtp"}, orders=3, seed=7, on_ready=ready)
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_as_a_program_they_run_until_a_signal_and_are_used_from_outside(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        wave, shopify = facts["wave"], facts["shopify"]
        with httpx.Client(trust_env=False, verify=False, timeout=10) as client:
            answer = client.post(
                wave["url"],
                json={"query": "query($b: ID!) { business(id: $b) { name } }", "variables": {"b": wave["business_id"]}},
                headers={"Authorization": f"Bearer {wave['token']}"},
            )
            assert answer.json()["data"]["business"]["name"]
            client.post(f"{shopify['control_url']}/faults", json={"do": {"status": 503}})
            refused = client.get(
                f"{shopify['url']}/admin/api/2026-01/orders.json",
                headers={"X-Shopify-Access-Token": shopify["token"]},
            )
            assert refused.status_code == 503
            assert client.get(f"{shopify['control_url']}/state").json()["orders"]["count"] == 3
        process.send_signal(number)
        assert process.stdout.read() == "ended\n"
        assert process.wait(10) == 0


def test_what_does_not_run_is_left_out() -> None:
    assert Ready(slack={"url": "u"}).to_json() == '{"slack": {"url": "u"}}'
