"""What a sample is, and where the local servers are that it runs against."""

from __future__ import annotations

import importlib.resources
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from aias.errors import ConfigurationError
from aias.settings import Settings

__all__ = ["INDUSTRIES", "Sample", "Simulators", "load_simulators", "samples_for", "simulators_file"]

INDUSTRIES = ("retail", "services", "food", "digital-goods")
"""The industries that have samples of their own; every other gets those of the first."""


class Sample(BaseModel):
    """One file of ``samples_library``: a workflow, and the demo data of each industry (``vars.demo``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    industries: list[str] = Field(min_length=1)
    data: dict[str, dict[str, JsonValue]]
    workflow: dict[str, Any]

    @property
    def kinds(self) -> list[str]:
        """The kinds of connection that its steps need: the first words of their actions."""
        words = {str(step["action"]).partition(".")[0] for step in self.workflow["steps"] if "." in step["action"]}
        return sorted(words & {"shopify", "wave", "slack", "email"})

    def definition(self, industry: str, connection: str) -> dict[str, Any]:
        """Give the workflow with the industry's demo data, each step that calls outside on the named connection."""
        steps = [
            {**step, "connection": connection} if str(step["action"]).partition(".")[0] in self.kinds else step
            for step in self.workflow["steps"]
        ]
        demo = self.data.get(industry)
        return {**self.workflow, "steps": steps, **({"vars": {"demo": demo}} if demo is not None else {})}


class _Server(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    url: str
    token: str = ""
    business_id: str = ""


class _MailServer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    host: str
    port: int


class Simulators(BaseModel):
    """Where the local servers are, as ``aias simulator all --json`` prints it; those that don't run are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    shopify: _Server | None = None
    wave: _Server | None = None
    slack: _Server | None = None
    smtp: _MailServer | None = None

    def connections(self) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
        """Give the settings and the secret of a connection to each, by kind."""
        found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        if self.shopify is not None:
            found["shopify"] = ({"url": self.shopify.url}, {"access_token": self.shopify.token})
        if self.wave is not None:
            found["wave"] = (
                {"url": self.wave.url, "business_id": self.wave.business_id},
                {"access_token": self.wave.token},
            )
        if self.slack is not None:
            found["slack"] = ({}, {"webhook_url": self.slack.url})
        if self.smtp is not None:
            found["email"] = (
                {
                    "host": self.smtp.host,
                    "port": self.smtp.port,
                    "security": "none",
                    "sender": "samples@example.com",
                },
                {},
            )
        return found


def simulators_file(settings: Settings) -> Path:
    """Give the file in which ``aias up --simulators`` says, while it runs, where the local servers are."""
    return settings.home / "simulators.json"


def load_simulators(settings: Settings) -> Simulators:
    """Read where the local servers are from AIAS_SIMULATORS, or else from what ``aias up --simulators`` says.

    Raises:
        ConfigurationError: it is neither that JSON nor ``@`` and a file that holds it.
    """
    given = settings.simulators
    if given is None:
        place = simulators_file(settings)
        if not place.exists():
            return Simulators()
        given = f"@{place}"
    try:
        text = Path(given[1:]).read_text(encoding="utf-8") if given.startswith("@") else given
        return Simulators.model_validate(json.loads(text))
    except OSError as error:
        raise ConfigurationError(f"AIAS_SIMULATORS: {given[1:]}: {error.strerror or error}") from None
    except (ValueError, ValidationError):
        raise ConfigurationError(
            "AIAS_SIMULATORS is not what `aias simulator all --json` prints, nor @ and a file with it"
        ) from None


def samples_for(industry: str | None) -> tuple[str, list[Sample]]:
    """Give an industry's samples, and the name of the industry whose demo data they hold."""
    known = (industry or "").strip().lower().replace(" ", "-").replace("_", "-")
    chosen = known if known in INDUSTRIES else INDUSTRIES[0]
    return chosen, [sample for sample in _library() if chosen in sample.industries]


@lru_cache
def _library() -> list[Sample]:
    folder = importlib.resources.files("aias.onboarding") / "samples_library"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return [Sample.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
