"""What can go wrong with the sandbox itself, as against what it plays."""

from __future__ import annotations


class SandboxError(RuntimeError):
    """The sandbox cannot start; the message says why and what to do."""
