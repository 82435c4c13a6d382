"""Onboarding: what a new tenant finds, what it is told to do next, and what new people are written.

SQL decides who is written what and when (``aias_private.send_due_mails``) and puts it into the outbox of
``aias.notify``; importing this package lets that outbox's mails of the kind ``onboarding`` be written here.
"""

from aias.notify import register_rendering
from aias.onboarding.guidance import (
    Help,
    NextAction,
    OnboardingStep,
    dismiss_guidance,
    help_for,
    next_action,
    onboarding_steps,
    owner_of,
)
from aias.onboarding.models import LinkedPerson, OnboardingMail, SequenceStep
from aias.onboarding.queries import (
    end_trial,
    has_channel,
    link_person,
    list_mails,
    list_steps,
    note_mail_seen,
    send_mail,
    set_mail_preferences,
    set_step,
    set_tenant_locale,
    start_trial,
    unsubscribe,
)
from aias.onboarding.rendering import LINKS, known_templates, preview, rendered, unsubscribe_page
from aias.onboarding.samples import install_samples, sign_up
from aias.onboarding.samples_models import simulators_file
from aias.onboarding.samples_queries import Removed, SampleShown, SignedUp, add_samples, list_samples, remove_samples
from aias.onboarding.translating import known_languages

__all__ = [
    "LINKS",
    "Help",
    "LinkedPerson",
    "NextAction",
    "OnboardingMail",
    "OnboardingStep",
    "Removed",
    "SampleShown",
    "SequenceStep",
    "SignedUp",
    "add_samples",
    "dismiss_guidance",
    "end_trial",
    "has_channel",
    "help_for",
    "install_samples",
    "known_languages",
    "known_templates",
    "link_person",
    "list_mails",
    "list_samples",
    "list_steps",
    "next_action",
    "note_mail_seen",
    "onboarding_steps",
    "owner_of",
    "preview",
    "remove_samples",
    "send_mail",
    "set_mail_preferences",
    "set_step",
    "set_tenant_locale",
    "sign_up",
    "simulators_file",
    "start_trial",
    "unsubscribe",
    "unsubscribe_page",
]

register_rendering("onboarding", rendered)
