"""A batch as one page for people: it needs no network, no script, and nothing beside itself.

    writing.py -> rendering.py -> head.py, outcomes.py, calls.py, listed.py -> the journal
                       |
                  drawing.py -> svg.py

Needs the extra `report`. Nothing here prints.
"""

from superoffice_erpsync.report_page.writing import write_page

__all__ = ["write_page"]
