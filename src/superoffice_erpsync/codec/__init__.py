"""Between the wire and the dataclasses: SOAP and JSON over the same shapes and values."""

LONG_ANSWER = 16_384
"""Bytes from which on an answer is searched for runs. Shorter ones are parsed in no time, and what reads runs is not
loaded for them."""
