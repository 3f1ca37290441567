"""The REST API's JSON: arguments, results and answers."""

from superoffice_erpsync.codec.rest.arguments import arguments_from_json, read
from superoffice_erpsync.codec.rest.write import to_json

__all__ = ["arguments_from_json", "read", "to_json"]
