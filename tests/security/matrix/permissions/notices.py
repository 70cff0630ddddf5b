"""What became of messages: operators and auditors of the insurer in whose name they went out."""

from tests.security.matrix.actors import AUDITORS, OPERATORS
from tests.security.matrix.law import Row, desk, model_pages

ROWS: list[Row] = [
    *model_pages("notices_notice", "message", reads=OPERATORS | AUDITORS),
    desk("admin:notices_notice_changelist", OPERATORS | AUDITORS, query={"q": "somebody@else.example"}, post=200),
]
