"""The HTTP API: the same functions and views over HTTP, with keys.

A resource is a module of ``aias.api.routers`` with a ``router`` (made by ``resource``); one line in that package's
``ROUTERS`` registers it. A route asks for its caller with a scope, and has the request's one transaction in
``caller.conn``: role and tenant are set, so that row-level security, not the route, keeps tenants apart.
"""

from aias.api.app import create_app
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.paging import Listed, Page
from aias.api.problems import HttpProblem, Problem, ProblemError
from aias.api.queries import NewKey, create_api_key, revoke_api_key
from aias.api.routing import Route, resource
from aias.api.selection import fields_of
from aias.api.services import Services, services_of
from aias.api.serving import Server

__all__ = [
    "Caller",
    "HttpProblem",
    "Listed",
    "NewKey",
    "Page",
    "Problem",
    "ProblemError",
    "Route",
    "Server",
    "Services",
    "Tenant",
    "TenantFilter",
    "create_api_key",
    "create_app",
    "fields_of",
    "needs",
    "resource",
    "revoke_api_key",
    "services_of",
]
