"""The patient's side is told by letter and by SMS. Not a word there about health: others read a telephone's screen."""

from typing import Any

from core.links import public_url
from notices import services as notices
from notices.rules import Channel
from policies.queries import brand_of
from telemed.models import Consultation


def tell_patient(consultation: Consultation, kind: str, *, once: str = "", **facts: Any) -> None:
    """Whoever asked for the consultation, at their address and at the number that they proved for it; in the caller's
    transaction. `once`: what tells one such message from the next, where the same may happen again."""
    user, insurer = consultation.asked_by, consultation.insurer
    context = {
        **facts,
        "url": public_url("telemed:consultation", consultation.public_id),
        "brand": brand_of(insurer, user.language),
    }
    for channel, to in ((Channel.EMAIL, user.email), (Channel.SMS, consultation.phone)):
        if to:
            notices.post(
                kind, to=to, channel=channel, language=user.language, context=context, scope=insurer.slug,
                once=f"{kind}:{channel}:{consultation.public_id}{once and ':'}{once}",
            )  # fmt: skip
