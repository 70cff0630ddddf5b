"""The gallery of components, in the demo only; calendar days, for superusers."""

from tests.security.matrix.actors import CHIEF
from tests.security.matrix.law import Row, everybody, model_pages

ROWS: list[Row] = [
    everybody("gallery", get=404),
    everybody("gallery-brand", get=404),
    *model_pages("core_calendarday", "calendar day", reads=CHIEF, adds=CHIEF, changes=CHIEF, deletes=CHIEF),
]
