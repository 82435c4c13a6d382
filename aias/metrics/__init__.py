"""Metrics: what happened how often and how fast, and what it is told apart by."""
