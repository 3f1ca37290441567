"""Calls that fail, and the objects in which the REST API says so.

There are two kinds of object: `Message` and `MessageDetail` where the request itself could not be used, and `Error`,
`ErrorType`, `ErrorMessage` and `ErrorSource` for all else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from superoffice_erpsync.sandbox.faults.pages import BROKEN_TEXT, QUOTA_TEXT
from superoffice_erpsync.sandbox.refusals import Refusal

_NOT_FOUND: Final = "SoNotFoundException"
_SOURCE: Final = "SuperOffice.Sandbox"
_SCHEMES: Final = 'Basic realm="SuperOffice sandbox", SOTicket, Bearer'


class RestError(Exception):
    """A call that ends without a result.

    Args:
        status: Of the HTTP answer.
        code: For the record: the error's type.
        content: The object in the answer.
        headers: Of the answer, beside the usual ones.
    """

    def __init__(
        self, status: int, code: str, content: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.content = content
        self.headers = dict(headers or {})


def invalid_request(detail: str) -> RestError:
    """The request's arguments could not be used."""
    return _unusable(400, "InvalidRequest", "The request is invalid.", detail)


def unsupported_media_type(content_type: str | None) -> RestError:
    """The body is, by its own word, no JSON."""
    said = f"the media type '{content_type[:100]}'" if content_type else "a body without a content type"
    return _unusable(
        415, "UnsupportedMediaType", "The request contains an entity body that is not supported.",
        f"Here {said} cannot be read; send application/json.",
    )  # fmt: skip


def method_not_allowed(method: str) -> RestError:
    """An operation is called by POST and described by GET."""
    text = f"The requested resource does not support the HTTP method '{method}'."
    return RestError(405, "MethodNotAllowed", {"Message": text}, {"Allow": "GET, HEAD, POST"})


def not_found(what: str) -> RestError:
    """Nothing lies at the address."""
    return _failed(404, _NOT_FOUND, what)


def unauthorized(reason: str) -> RestError:
    """Nobody known sent the request; the installation does not say more to a stranger."""
    error = _failed(401, "SoSessionException", reason)
    error.headers["WWW-Authenticate"] = _SCHEMES
    return error


def forbidden(reason: str) -> RestError:
    """The cookie is known, and what proves that a page of the installation's own sent it is not there."""
    return _failed(403, "SoXsrfException", reason)


def refused(refusal: Refusal) -> RestError:
    """The installation says no."""
    error_type = refusal.exception_type.rpartition(".")[2]
    error = _failed(404 if error_type == _NOT_FOUND else 500, error_type, refusal.message)
    error.code = refusal.exception_type
    return error


def broken(operation: str) -> RestError:
    """The sandbox itself broke; the details are in its log and not in the answer."""
    return _failed(
        500,
        "Exception",
        f"The sandbox could not carry out {operation} because of an error of its own; its log says which.",
    )


def service_error() -> RestError:
    """The service broke, and says no more than that."""
    return _failed(500, "Exception", BROKEN_TEXT)


def quota_exceeded() -> RestError:
    """The request holds more than the server's reader takes."""
    return _failed(500, "QuotaExceededException", QUOTA_TEXT)


def wrapped_in_success() -> RestError:
    """A failed call whose HTTP status says that all is well, as installations have them."""
    return _unusable(200, "ErrorObject", "An error has occurred.", BROKEN_TEXT)


def not_in_the_sandbox(operation: str) -> RestError:
    """An operation of the contract that the sandbox does not play."""
    return _failed(500, "NotImplementedException", f"{operation} is not in the sandbox yet.")


def _unusable(status: int, code: str, message: str, detail: str) -> RestError:
    return RestError(status, code, {"Message": message, "MessageDetail": detail})


def _failed(status: int, error_type: str, message: str) -> RestError:
    content = {"Error": True, "ErrorType": error_type, "ErrorMessage": message, "ErrorSource": _SOURCE}
    return RestError(status, error_type, content)
