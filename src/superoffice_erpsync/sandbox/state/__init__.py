"""What an installation knows: a fake CRM, fake ERPs, what joins them, and who may come in."""

from superoffice_erpsync.sandbox.state.installed import BatchTask, State

__all__ = ["BatchTask", "State"]
