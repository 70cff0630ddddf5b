"""The reviewers' room: whoever reviews, approves or audits claims reads them; a claim is acted on by reviewers, decided by
approvers. And the claimant's own objections."""

from typing import Any

from tests.security.matrix.actors import ACCOUNTS, APPROVERS, AUDITORS, HELPED, NOBODY, REVIEWERS, STAFF, Actor, Actors
from tests.security.matrix.law import Row, desk, model_pages, scoped

READERS = REVIEWERS | APPROVERS | AUDITORS
EITHER = REVIEWERS | APPROVERS
OWN = HELPED - {Actor.LIMITED}  # full access only


def room(url: str, of: str, acts: Actors = NOBODY, **facts: Any) -> Row:
    """A page of a claim: 403 for staff of other rooms, 404 for another insurer's."""
    return Row(f"claims:{url}", STAFF, READERS, acts=acts or None, of=of, else_=403, **facts)


def act(url: str, of: str, acts: Actors, post: int) -> Row:
    return room(url, of, acts, get=405, post=post)


ROWS: list[Row] = [
    # The list in the admin, which leads to the room.
    desk("admin:claims_claim_changelist", READERS, post=200),
    desk("admin:claims_claim_add", NOBODY),
    scoped("admin:claims_claim_change", "review", READERS, get=302, post=302),
    scoped("admin:claims_claim_delete", "review", NOBODY, sees=READERS, post=302),
    scoped("admin:claims_claim_history", "review", READERS, get=404, post=404),
    desk("staff/claims/claim/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    # The lists that reviewers keep.
    *model_pages(
        "claims_excludedcountry", "excluded country", reads=READERS, adds=REVIEWERS, changes=REVIEWERS, history=404
    ),
    *model_pages(
        "claims_wording",
        "template of words",
        reads=READERS,
        adds=REVIEWERS,
        changes=REVIEWERS,
        deletes=REVIEWERS,
        history=404,
    ),
    desk("claims:queue", READERS, post=200),
    desk("claims:desk_figures", READERS),
    desk("claims:desk_export", READERS, post=200),
    desk("claims:accounts_to_check", READERS),
    desk("claims:absences", READERS, acts=REVIEWERS, post=200),
    Row("claims:absence_end", STAFF, REVIEWERS, of="absence of a reviewer", get=405, post=302),
    room("desk_case", "review"),
    room("opening", "review", READERS, post=200),
    act("take", "review", REVIEWERS, 302),
    room("handover", "review", EITHER, post=200),
    act("desk_note", "review", EITHER, 200),
    room("setting_aside", "review", REVIEWERS, post=200),
    act("taking_up", "review", REVIEWERS, 302),
    room("matching", "review", REVIEWERS, post=200),
    act("match", "review's contract", REVIEWERS, 302),
    room("desk_more", "review", REVIEWERS, post=200),
    act("desk_answer", "review", REVIEWERS, 302),
    room("desk_document", "review's document"),
    act("desk_verdict", "review's verdict", REVIEWERS, 200),
    act("desk_certificate", "review's document", REVIEWERS, 200),
    room("desk_file", "review's file"),
    act("desk_page_verdict", "review's file", REVIEWERS, 200),
    room("authority", "review", REVIEWERS, post=200),
    room("criminal_case", "review", REVIEWERS, post=200),
    room("authority_answer", "review's question", REVIEWERS, post=200),
    room("authority_request", "review's question", get=404),  # a worker has yet to make it
    room("authority_dispatch", "review's question", REVIEWERS, post=200),
    room("extension", "review", REVIEWERS, post=200),
    room("payout", "review"),
    room("proposal", "review", REVIEWERS, post=200),
    room("refusal", "review's ground", REVIEWERS, post=200),
    room("decision", "review's decision"),
    act("approval", "review's decision", APPROVERS, 302),
    act("decision_return", "review's decision", APPROVERS, 200),
    act("decision_taken_back", "review's decision", REVIEWERS, 200),
    room("desk_objection", "review's objection", APPROVERS, post=200),
    act("desk_papers", "review's objection", REVIEWERS, 302),
    room("desk_letter", "review's letter"),
    room("desk_letter_paper", "review's letter", get=404),  # a worker has yet to make it
    # The claimant's own.
    Row("claims:objections", ACCOUNTS, OWN, of="refused claim", else_=404),
    Row("claims:object", ACCOUNTS, OWN, of="refused claim's way", else_=404, post=200),
    Row("claims:ombudsman_pack", ACCOUNTS, OWN, of="refused claim's papers", else_=404, get=302),  # likewise
    Row("claims:objection_step", ACCOUNTS, OWN, of="refused claim's step", else_=404, get=405, post=302),
]
