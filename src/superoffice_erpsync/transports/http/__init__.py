"""HTTP over urllib3: connections that keep to time limits, answers that keep to size limits, one origin a session."""

from superoffice_erpsync.transports.http.session import HttpAnswer, HttpOptions, HttpRequest, HttpSession

__all__ = ["HttpAnswer", "HttpOptions", "HttpRequest", "HttpSession"]
