"""Between the wire and the dataclasses: SOAP and JSON over the same shapes and values."""
