"""How an activation code is made, written and read back from what somebody typed."""

import secrets

# Crockford's base 32: no I, L, O, U, so that nothing is taken for a digit and no word comes about. 8 × 5 = 40 bits:
# with a hundred thousand live codes a blind try at one policy still hits one in 10¹² (security.md, 2.2).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
MOST_ON_A_SHEET = 500

# What people type for what they see; and Cyrillic keyboards have letters that look the same.
READ_AS = str.maketrans("OILАВЕКМНОРСТХ", "011ABEKMH0PCTX", " -–—\u00a0")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_as_typed(text: str) -> str:
    """KIH-23: case, spaces and dashes do not matter, nor do look-alikes. Anything else stays and will not fit."""
    return text.upper().translate(READ_AS)


def in_groups(code: str) -> str:
    """K7QM-2XPA: as it is printed."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
