"""Local servers that speak Shopify's and Wave's APIs, Slack's webhooks and SMTP: for tests, the demo and first trials.

They are real servers on loopback with the real request and response shapes, and they keep books: a tag that was added
is there in the next query, and an invoice that was created twice is there twice. In a program::

    async with running_simulators(orders=25, seed=1) as sims:
        sims.shopify.url, sims.shopify.token        # https://{shop}.myshopify.com, and the access token
        sims.wave.url, sims.wave.token, sims.wave.business_id
        sims.slack.url                              # the webhook
        sims.smtp.host, sims.smtp.port

and on the command line ``aias simulator all``. The same orders come from the same seed
(:mod:`aias.simulators.orders`); the first five are plain.

What happened is in each server's journal, and failures can be ordered up, in Python or over HTTP from another process
(``sims.wave.control_url``, that is ``/_control``, described in :mod:`aias.simulators.control`)::

    sims.wave.faults.add({"match": {"operation": "invoiceCreate"}, "do": {"drop_after_commit": True}})

    curl -X POST $WAVE/_control/faults -d '[
        {"match": {"operation": "business.customers"}, "times": 2, "do": {"status": 503}},
        {"match": {"operation": "invoiceSend", "nth": 3}, "do": {"status": 429, "retry_after": 1.5}}]'
    curl $WAVE/_control/journal?operation=invoiceCreate
    curl $WAVE/_control/state

A fault matches by operation, argument, header, text, count or chance, and then does one of these:

========================  =========================================================================================
``status``                an HTTP status in the service's own words; with ``body``, ``headers``, ``retry_after``
``hang``                  silence for so many seconds, then the connection is cut
``reset``                 the connection is cut: before the request is read, after it, or in the middle of the answer
``drop_after_commit``     the work is done, then the connection is cut
``truncate``              the work is done, the answer ends after so many bytes
``truncated_json``        the work is done, the answer is whole and its JSON is not
``content_length``        the work is done, the answer claims another length
``drip``                  the work is done, the answer comes byte by byte, one each so many seconds
``garbage``, ``html``     200 with bytes that are no JSON, or with a web page; ``raw``: no HTTP at all
``empty``, ``huge``       200 with ``{}``, or with a JSON text of so many bytes; ``bomb``: the same, compressed
``graphql_error``         200 with ``errors`` and no data; ``internal_error`` with INTERNAL_SERVER_ERROR
``user_errors``           the mutation refuses, in the service's own shape
``throttled``             the service's own throttle answer
========================  =========================================================================================

``latency`` (seconds) and ``content_type`` go with any of them or stand alone; ``commit`` does the work although the
answer says otherwise, ``commit_after`` does it later. :mod:`aias.simulators.outcomes` has every field.

What is kept is bounded: the last 10,000 calls of a journal, 1,000 mails, 1,000 messages, 100,000 invoices. A request
may have 2 MB.
"""

from aias.simulators.delivery import Answer, json_answer
from aias.simulators.faults import Fault, FaultBook
from aias.simulators.journal import JOURNAL_LIMIT, Call, Entry, Journal
from aias.simulators.matching import Match
from aias.simulators.order import Order
from aias.simulators.orders import make_order, make_orders
from aias.simulators.outcomes import Do, GraphqlError, HttpDate, UserError
from aias.simulators.running import KINDS, Ready, Simulators, run_forever, running_simulators
from aias.simulators.shopify import SHOPIFY_TOKEN, ShopifySimulator
from aias.simulators.simulator import Simulator
from aias.simulators.slack import SlackSimulator
from aias.simulators.smtp import SmtpSimulator
from aias.simulators.wave import WAVE_TOKEN, WaveSimulator

__all__ = [
    "JOURNAL_LIMIT",
    "KINDS",
    "SHOPIFY_TOKEN",
    "WAVE_TOKEN",
    "Answer",
    "Call",
    "Do",
    "Entry",
    "Fault",
    "FaultBook",
    "GraphqlError",
    "HttpDate",
    "Journal",
    "Match",
    "Order",
    "Ready",
    "ShopifySimulator",
    "Simulator",
    "Simulators",
    "SlackSimulator",
    "SmtpSimulator",
    "UserError",
    "WaveSimulator",
    "json_answer",
    "make_order",
    "make_orders",
    "run_forever",
    "running_simulators",
]
