"""What a dashboard costs that is not kept, by whose it is.

Python, PostgreSQL and bytes: `benchmarks.capacity_measuring --tickets 100000`, processor time, on cores that others
used as well, so rather too much. Statements: tests/load. Microseconds a fact: from the dashboards of one and of ten
million tickets in RESULTS.md, less what does not grow; of an organization 13 where all was in memory, 25 where not.
"""

from __future__ import annotations

from typing import Final

from benchmarks.capacity_model import Cost

WHOLE: Final = Cost(statements=9, python_ms=50.8, database_ms=35.0, us_a_fact=0.0, answer_bytes=115_628)
AGENT: Final = Cost(statements=9, python_ms=34.2, database_ms=15.0, us_a_fact=0.64, answer_bytes=28_103)
ORGANIZATION: Final = Cost(statements=9, python_ms=45.0, database_ms=18.3, us_a_fact=20.0, answer_bytes=55_794)
