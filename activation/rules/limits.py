"""How often something may be tried at a door (decisions.md, Activation; adr/0005), and how long what was handed out lives."""

from datetime import timedelta

FAILURES_A_DAY = 5  # per ID
FAILURES_UNTIL_PROOF = 20  # per ID, since its last second proof
FAILURES_AN_HOUR_PER_SOURCE = 60  # loose: a mobile operator's customers share one address
PROOFS_A_DAY = 5  # per ID: guesses at the second proof
CODES_A_DAY = 5  # per ID: codes sent to the contact on file
BREAKER_FLOOR, BREAKER_SHARE = 100, 0.05  # failures a day per insurer
NUMBERS_A_DAY = 500  # per insurer: recoveries that failed; then contract and card numbers convince nobody there

REGISTRATIONS_AN_HOUR_PER_SOURCE = 30  # loose, as the failures: each costs two hashes and a letter


def failures_of_id(insurer: str, key: str) -> tuple[str, str]:
    """Names of the two counters at the door of an ID, whether anybody has it or not: the day's and the lasting one."""
    name = f"activation:{insurer}:id:{key}"
    return f"{name}:day", name


def guesses_of_id(insurer: str, key: str) -> str:
    """Name of the counter of guesses at an ID's second proof."""
    return f"activation:{insurer}:proof:{key}"


def codes_to_contact(insurer: str, key: str) -> tuple[str, str]:
    """Names of the counters of codes sent to the contact on file of an ID: the minute's and the day's."""
    name = f"activation:{insurer}:code:{key}"
    return f"{name}:minute", f"{name}:day"


def letters_of(activation: int) -> str:
    """Name of the counter of the day's letters of an activation."""
    return f"activation:letter:{activation}"


def failures_at(insurer: str) -> str:
    """Name of the counter of the day's failures at all doors of an insurer."""
    return f"activation:{insurer}:failures"


def attempts_at(insurer: str) -> str:
    """Name of the counter of the day's attempts, the successful ones too."""
    return f"activation:{insurer}:attempts"


def breaker_is_open(*, failures: int, attempts: int) -> bool:
    """More failures this day than max(100, 5 % of the attempts): somebody is guessing, not mistyping (adr/0005)."""
    return failures > max(BREAKER_FLOOR, attempts * BREAKER_SHARE)


HOUR = timedelta(hours=1)  # the window of what is counted per source
DAY = timedelta(days=1)  # …per ID and per insurer
PASSAGE = timedelta(minutes=15)  # between the steps
NUMBER_IS_PROVED = timedelta(minutes=30)  # in the browser that typed its code: who is insured, then two texts to read
LINK = timedelta(hours=72)  # the letter's link, and the browser that began
LETTER_EVERY, LETTERS_A_DAY = timedelta(minutes=3), 5
CODE = timedelta(minutes=10)  # a code sent to the contact on file
UNPROVED = timedelta(days=3)  # an account of a registration whose letter nobody followed: as long as its link lives
DECLARATION = timedelta(days=90)  # what was declared and has found no policy
OPERATOR_CODE = timedelta(minutes=30)  # read out on the telephone
CODE_TRIES = 3  # wrong tries that kill a code
