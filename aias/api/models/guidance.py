"""Signing up, samples and guidance over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown
from aias.api.models.tenants import PlanName, Slug

__all__ = [
    "Dismissal",
    "Dismissed",
    "HelpFound",
    "HelpShown",
    "NextActionFound",
    "NextActionShown",
    "SampleFound",
    "SamplesAsked",
    "SamplesFound",
    "SamplesRemoved",
    "SignUp",
    "SignUpMade",
    "StepsShown",
    "WizardStep",
]


class SignUp(Given):
    """An account to make."""

    tenant: Slug = Field(description="The short name by which calls name the account.", examples=["acme"])
    email: str = Field(
        pattern=r"^[^@\s]+@[^@\s]+$", max_length=320, description="The owner's address.", examples=["ada@acme.example"]
    )
    name: str | None = Field(default=None, min_length=1, max_length=200, description="The owner's name.")
    company: str | None = Field(default=None, min_length=1, max_length=200, description="The account's name to show.")
    industry: str | None = Field(
        default=None,
        max_length=200,
        description="What the samples are chosen by: retail, services, food, digital-goods.",
        examples=["retail"],
    )
    plan: PlanName = Field(default="free", description="The plan.")


class SampleFound(Shown):
    """A sample."""

    workflow: str = Field(description="The workflow to run; it needs no input.")
    description: str | None = Field(description="What it does.")


class SamplesFound(Shown):
    """What there is of the samples."""

    status: Literal["none", "due", "installed", "removed"] = Field(
        description="due: a worker installs them; none: the account never had any."
    )
    missing_kinds: list[str] = Field(description="Kinds of connection without a local server: samples are left out.")
    samples: list[SampleFound] = Field(description="The sample workflows.")


class SignUpMade(Shown):
    """The account, its owner's key and what can be run at once."""

    tenant: str = Field(description="The account.")
    tenant_id: UUID = Field(description="Its id.")
    user_id: UUID = Field(description="The owner's id.")
    key_id: str = Field(description="The id of the owner's key.")
    token: str = Field(description="What goes into Authorization: Bearer ... It can't be shown again.")
    samples: SamplesFound = Field(description="What can be run at once.")


class SamplesAsked(Shown):
    """Whether a worker was asked to install the samples."""

    asked: bool = Field(description="False where that is under way already.")


class SamplesRemoved(Shown):
    """How much of the samples there was."""

    workflow_count: int = Field(description="Workflows that were removed.")
    connection_count: int = Field(description="Connections to local servers that were removed.")
    execution_count: int = Field(description="Ended executions that were removed.")
    cancelled_count: int = Field(description="Executions that had not ended and were cancelled.")


class WizardStep(Shown):
    """A step from the sign-up to a working automation."""

    position: int = Field(description="Its place, from 1.")
    step: str = Field(description="What is done.")
    is_done: bool = Field(description="Whether it is.")
    done_at: datetime | None = Field(description="When it was first done.")
    time_taken: timedelta | None = Field(description="From the sign-up to it.")


class StepsShown(Shown):
    """The steps, in order."""

    items: list[WizardStep] = Field(description="The steps.")


class NextActionShown(Shown):
    """What a person best does next."""

    action: str = Field(description="What it is, as aias.next_actions names it.")
    title: str = Field(description="In a few words.")
    why: str = Field(description="Why this, and why now.")
    detail: str = Field(description="What it is about: a connection, a workflow, a number; else empty.")
    path: str = Field(description="Where in this API it is done.")
    score: int = Field(description="What it is ranked by, from 1 to 100.")
    is_urgent: bool = Field(description="Whether something is broken or about to be: it can't be dismissed.")


class NextActionFound(Shown):
    """What a person best does next, if there is anything."""

    next: NextActionShown | None = Field(description="Null where there is nothing to do.")


class HelpShown(Shown):
    """A help text."""

    name: str = Field(description="What it is dismissed by.")
    title: str = Field(description="Its heading.")
    body: str = Field(description="The text.")
    language: str = Field(description="The language that it is in.")


class HelpFound(Shown):
    """A help text, if there is one."""

    help: HelpShown | None = Field(description="Null where there is none, or it was dismissed.")


class Dismissal(Given):
    """What a person does not want to see again."""

    user: UUID = Field(description="The person.")
    kind: Literal["help", "action"] = Field(description="A help text or a proposal.")
    name: str = Field(
        min_length=1, max_length=130, description="Its name.", examples=["integrations/empty", "invite_colleague"]
    )
    is_dismissed: bool = Field(default=True, description="false shows it again.")


class Dismissed(Shown):
    """Whether that changed something."""

    changed: bool = Field(description="False where it was so before.")
