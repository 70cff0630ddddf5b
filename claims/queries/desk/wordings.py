"""Templates of words for whoever writes about a claim: their insurer's, in the language of the case."""

from uuid import UUID

from claims.models import Claim, Wording


def wordings_for(claim: Claim) -> list[Wording]:
    """One query."""
    return list(Wording.objects.filter(insurer=claim.insurer_id, language=claim.language))


def words_picked(claim: Claim, public_id: str) -> str:
    """Empty where no such template is this insurer's. One query."""
    try:
        found = Wording.objects.filter(insurer=claim.insurer_id, public_id=UUID(public_id)).first()
    except ValueError:
        return ""
    return found.text if found else ""
