"""Answers of sync and resync."""

from dataclasses import dataclass, field

from superoffice_erpsync.errors import OperationRefused
from superoffice_erpsync.models.rights import Carrier
from superoffice_erpsync.models.wire_enum import WireEnum


class QuoteStatus(WireEnum):
    """How an answer went, in more words than yes and no."""

    OK = "Ok"
    OK_WITH_INFO = "OkWithInfo"
    """It went well, and the explanation is worth reading."""
    WARNING = "Warning"
    """It went well, and the explanation should be read."""
    ERROR = "Error"
    """The answer is no."""


@dataclass(slots=True, kw_only=True)
class ChangedDataItem(Carrier):
    """One record that the server changed."""

    tablename: str | None = None
    """Table name in lower case, for example `contact`."""
    record_id: int = 0
    """Primary key in that table."""


@dataclass(slots=True, kw_only=True)
class ChangedData(Carrier):
    """Records that the server changed: a hint at what a client should load again, not a complete account."""

    added_records: list[ChangedDataItem | None] | None = None
    updated_records: list[ChangedDataItem | None] | None = None
    deleted_records: list[ChangedDataItem | None] | None = None


@dataclass(slots=True, kw_only=True)
class PluginResponse(Carrier):
    """Answer of sync and resync: did it go well, and if not, why.

    An answer with `is_ok == False` is not raised as an error, since what it explains is the result; call
    `raise_if_failed` where a refusal should end the job.
    """

    is_ok: bool
    """False means that the server carried out the call and its answer is no, wholly or for some of the keys."""
    user_explanation: str | None = None
    """For the user, localised; may hold several languages as in `US:"Text" NO:"Tekst"`."""
    tech_explanation: str | None = None
    """For the administrator, in English."""
    error_code: str | None = None
    """For example `UNKNOWN_CONNECTION_ID`; None or empty when there is nothing to say."""
    changes: ChangedData | None = None
    status: QuoteStatus = None  # type: ignore[assignment] # derived, see below
    """The wire has it on Services88 and REST. Where it has none, this is Ok or Error, as `is_ok` says."""
    status_stated: bool = field(init=False, compare=False, default=False)
    """Whether the server stated the status; False where it was derived from `is_ok`."""

    def __post_init__(self) -> None:
        self.status_stated = self.status is not None
        if not self.status_stated:
            self.status = QuoteStatus.OK if self.is_ok else QuoteStatus.ERROR

    def raise_if_failed(self) -> None:
        """Raise OperationRefused with the server's explanations when the answer is no, else do nothing.

        The answer is no when `is_ok` is false, or when the server states the status Error.
        """
        if self.is_ok and self.status != QuoteStatus.ERROR:
            return
        explanations = [text for text in (self.user_explanation, self.tech_explanation) if text]
        error = OperationRefused(
            "the server refused: " + (" / ".join(explanations) or "no explanation given"), code=self.error_code or None
        )
        error.response = self
        raise error
