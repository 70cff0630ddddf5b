"""Names of people: how they are found, ordered, written and compared."""

import unicodedata
from collections import Counter

KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"  # the Russian letters stand in it, in their places
LATIN_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
ORDINALS = {letter: f"{place:02}" for place, letter in enumerate(KAZAKH_ALPHABET + LATIN_ALPHABET, start=10)}
BETWEEN_WORDS, OTHER = "00", "99"
FOLDED = str.maketrans("әғқңөұүһіё", "агкноуухие")


def search_key(text: str) -> str:
    """What a name is searched by: Қабылов and кабылов, Фёдоров and Федоров are one. NFC, because iOS sends й in two."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().translate(FOLDED).split())


def sort_key(text: str) -> str:
    """Two digits a letter, so that every database orders names by the Kazakh alphabet without a collation of its own.

    Latin letters follow the Cyrillic ones (their accents are ignored), whatever is left comes last.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    words = folded.replace("-", " ").split()
    return BETWEEN_WORDS.join("".join(ordinal(char) for char in word) for word in words)


def ordinal(char: str) -> str:
    return ORDINALS.get(char) or ORDINALS.get(unicodedata.normalize("NFKD", char)[0], OTHER)


def full_name(surname: str, given: str, patronymic: str) -> str:
    """Each part may be missing; some people have only one name."""
    return " ".join(part for part in (surname.strip(), given.strip(), patronymic.strip()) if part)


def short_name(surname: str, given: str, patronymic: str) -> str:
    """«Айгуль С.»: enough to recognise one's own, too little to learn somebody else's."""
    initial = f"{surname[0]}." if surname and given else ""
    return f"{given or surname or patronymic} {initial}".strip()


def same_name(a: str, b: str) -> bool:
    """Case, ё, Kazakh letters, Latin spelling, order, spaces, hyphens and a missing patronymic do not matter
    (security.md, 2.2).

    Tolerant, so it is never the deciding secret.
    """
    fewer, more = sorted((words_of(a), words_of(b)), key=Counter.total)
    return fewer == more or (fewer.total() >= 2 and fewer <= more)


def words_of(name: str) -> Counter[str]:
    """As their sound in Latin letters: whoever has a passport at hand may copy from that."""
    return Counter(filter(None, map(latin_sound, search_key(name).replace("-", " ").split())))


# Passports of several decades spell one name in several ways (facts.md, section 8): Zhumabayev, Jumabaev. Both sides
# are brought to what these spellings have in common.
SOUNDS = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфхыэj", "abvgdeziklmnoprstufhiej", strict=True))
    | {"ж": "j", "й": "i", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
    | {"y": "i", "q": "k", "w": "v", "'": "", "’": "", "ʼ": "", "`": ""}
)
SPELLINGS = (("shch", "sh"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ie", "e"))


def latin_sound(word: str) -> str:
    """`word` as search_key leaves it. Letters of other alphabets stay."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
    sound = plain.translate(SOUNDS)
    for spelling, common in SPELLINGS:
        sound = sound.replace(spelling, common)
    return "".join(char for char, before in zip(sound, " " + sound, strict=False) if char != before)
