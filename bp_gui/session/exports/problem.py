"""The one error of all exports."""

from __future__ import annotations


class ExportError(ValueError):
    """A moment that a format cannot hold; the message says why, and what to take instead."""
