"""What stands in no address and no line of the log: facts of the cast, any e-mail, IIN, phone or code."""

import re
from urllib.parse import unquote_plus

from tests.people import PASSWORD

PRIVATE = re.compile(
    r"@"
    # Numbers stand on their own: a random id may hold the same digits among its letters.
    r"|(?<!\w)(?:4410\W*0275|7000\W*0000)"  # IDs
    r"|(?<!\w)(?:14\W*0?3\W*1961|1961\W*0?3\W*14)"  # birth dates
    r"|(?<![\w-])\d{12}(?![\w-])|(?<!\w)\+?7\W*701\W*\d{3}"  # IIN, phones
    r"|(?<![\w.:-])(?:\d{6}|\d{4} ?\d{4})(?![\w.:-])"  # codes
    r"|Садык|Айгул|Серик|Ахмет|Дана\b"
    r"|" + re.escape(PASSWORD),
    re.IGNORECASE,
)


def private_in(text: str) -> str:
    """The first such fact, also when it is written as addresses write it; nothing where there is none."""
    found = PRIVATE.search(unquote_plus(text))
    return found[0] if found else ""
