"""Onboarding: what a new tenant finds, and what it is told to do next."""

from aias.onboarding.samples import install_samples, sign_up
from aias.onboarding.samples_queries import Removed, SampleShown, SignedUp, add_samples, list_samples, remove_samples

__all__ = [
    "Removed",
    "SampleShown",
    "SignedUp",
    "add_samples",
    "install_samples",
    "list_samples",
    "remove_samples",
    "sign_up",
]
