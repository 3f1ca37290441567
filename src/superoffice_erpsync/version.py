"""Which release this is. The build takes it from here."""

# Stated, since looking it up among what is installed takes a start longer than all of the transport does.
VERSION = "0.1.0"

USER_AGENT = f"superoffice-erpsync/{VERSION}"
"""What this package calls itself to servers."""
