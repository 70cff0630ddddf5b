"""Names of files as people may read them. No such name ever leads to a place on a disk."""

import unicodedata

LONGEST = 100  # characters, the ending among them
FORBIDDEN = frozenset('/\\:*?"<>|')  # on some reader's system


def safe_file_name(name: str) -> str:
    """`name` without what a file system forbids, and without signs that nobody sees, those that turn the direction of
    writing among them: «exe.gpj» must not be read as «jpg.exe»."""
    return "".join("-" if sign in FORBIDDEN or not sign.isprintable() else sign for sign in name)


def sent_file_name(name: str) -> str:
    """What a sender called a file: its last part, safe, at most LONGEST characters. Nothing where nothing is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = safe_file_name(last).strip(" .-").rpartition(".")
    if not dot or len(ending) > LONGEST // 10:
        return f"{stem}{dot}{ending}"[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
