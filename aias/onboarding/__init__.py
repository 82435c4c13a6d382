"""Onboarding: what a new tenant finds, and what it is told to do next."""

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
from aias.onboarding.samples import install_samples, sign_up
from aias.onboarding.samples_queries import Removed, SampleShown, SignedUp, add_samples, list_samples, remove_samples

__all__ = [
    "Help",
    "NextAction",
    "OnboardingStep",
    "Removed",
    "SampleShown",
    "SignedUp",
    "add_samples",
    "dismiss_guidance",
    "help_for",
    "install_samples",
    "list_samples",
    "next_action",
    "onboarding_steps",
    "owner_of",
    "remove_samples",
    "sign_up",
]
