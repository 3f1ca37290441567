"""An examination of an installation, step by step: what is wrong, where, and what to do about it. Prints nothing.

for finding in examine(Setup(url="https://crm.example.com/Remote/Services86")):
    print(finding.level, finding.step, finding.text, finding.fix)
"""

from superoffice_erpsync.doctor.examination import STEPS, examine, unusable
from superoffice_erpsync.doctor.finding import Fault, Finding, Level, worst
from superoffice_erpsync.doctor.setup import Setup

__all__ = ["STEPS", "Fault", "Finding", "Level", "Setup", "examine", "unusable", "worst"]
