"""The REST API's JSON: arguments, results and answers. Most programs speak SOAP: it is loaded on use."""

from typing import TYPE_CHECKING

from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.codec.rest.arguments import arguments_from_json, read
    from superoffice_erpsync.codec.rest.write import to_json

__all__ = ["arguments_from_json", "read", "to_json"]

if not TYPE_CHECKING:
    __getattr__ = loaded_on_use(__name__, {"arguments": ("arguments_from_json", "read"), "write": ("to_json",)})
