"""The dashboard: pages over what the API reads and does, for people who look rather than read.

A page is a function of a module of ``aias.dashboard.pages``, on a router that ``area`` makes; one line in the package's
``ROUTERS`` registers it, one in ``navigation`` lists it. It asks for its viewer with a scope of the API and has the
request's one transaction in ``viewer.conn``, confined as the API's is; what it gives is ``page(...)``.
"""

from aias.dashboard.app import add_dashboard, create_app
from aias.dashboard.rendering import Answer, confirm, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Form, Viewer, can

__all__ = ["Answer", "Form", "Viewer", "add_dashboard", "area", "can", "confirm", "create_app", "page", "redirect"]
