"""Foreign SOAP stacks are used where they are installed; nothing is installed here."""

import pytest

pytest.register_assert_rewrite("interop.conversation")
