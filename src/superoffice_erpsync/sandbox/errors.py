"""What can go wrong with the sandbox itself, as against what it plays."""

from __future__ import annotations


class SandboxError(RuntimeError):
    """The sandbox cannot start, or do what it was told; the message says why and what to do."""


class SnapshotError(SandboxError):
    """Data that is no snapshot of a sandbox, one of another version, or broken; the message says which and where."""
