"""The reviewers' room under /claims/desk/, behind the second factor."""

from django.contrib import admin
from django.urls import path

from claims.views.desk import (
    accounts,
    case,
    clock,
    decision,
    documents,
    figures,
    letters,
    matching,
    objections,
    payout,
    queue,
)

staff = admin.site.admin_view

# One claim: what stands behind its public_id.
CASE = "claims/desk/<uuid:public_id>/"
urlpatterns = [
    path("claims/desk/", staff(queue.queue), name="queue"),
    path("claims/desk/figures/", staff(figures.figures), name="desk_figures"),
    path("claims/desk/export/", staff(figures.export), name="desk_export"),
    path("claims/desk/absences/", staff(queue.absences), name="absences"),
    path("claims/desk/absences/<int:number>/end/", staff(queue.absence_end), name="absence_end"),
    path("claims/desk/accounts/", staff(accounts.accounts), name="accounts_to_check"),
    path(CASE, staff(case.case), name="desk_case"),
    path(f"{CASE}opening/", staff(queue.opening), name="opening"),
    path(f"{CASE}take/", staff(queue.take), name="take"),
    path(f"{CASE}handover/", staff(queue.handover), name="handover"),
    path(f"{CASE}notes/", staff(case.note), name="desk_note"),
    path(f"{CASE}setting-aside/", staff(case.setting_aside), name="setting_aside"),
    path(f"{CASE}taking-up/", staff(case.taking_up), name="taking_up"),
    path(f"{CASE}matching/", staff(matching.matching), name="matching"),
    path(f"{CASE}matching/<uuid:policy>/", staff(matching.match), name="match"),
    # Documents.
    path(f"{CASE}documents/new/", staff(documents.more), name="desk_more"),
    path(f"{CASE}documents/answer/", staff(documents.answered), name="desk_answer"),
    path(f"{CASE}documents/<uuid:item>/", staff(documents.document), name="desk_document"),
    path(f"{CASE}documents/<uuid:item>/certificate/", staff(documents.certificate), name="desk_certificate"),
    path(f"{CASE}documents/<uuid:item>/<str:event>/", staff(documents.verdict), name="desk_verdict"),
    path(f"{CASE}files/<int:number>/", staff(documents.file), name="desk_file"),
    path(f"{CASE}files/<int:number>/verdict/", staff(documents.page_verdict), name="desk_page_verdict"),
    # The clock.
    path(f"{CASE}authority/", staff(clock.authority), name="authority"),
    path(f"{CASE}criminal-case/", staff(clock.criminal_case), name="criminal_case"),
    path(f"{CASE}answers/<uuid:stop>/", staff(clock.answer), name="authority_answer"),
    path(f"{CASE}answers/<uuid:stop>/request/", staff(letters.request_paper), name="authority_request"),
    path(f"{CASE}answers/<uuid:stop>/dispatch/", staff(clock.dispatch), name="authority_dispatch"),
    path(f"{CASE}extension/", staff(clock.extension), name="extension"),
    # The amount, the decision, objections to it, letters.
    path(f"{CASE}payout/", staff(payout.payout), name="payout"),
    path(f"{CASE}proposal/", staff(decision.proposal), name="proposal"),
    path(f"{CASE}proposal/<str:code>/", staff(decision.refusal), name="refusal"),
    path(f"{CASE}decisions/<uuid:decision>/", staff(decision.decision), name="decision"),
    path(f"{CASE}decisions/<uuid:decision>/approval/", staff(decision.approval), name="approval"),
    path(f"{CASE}decisions/<uuid:decision>/return/", staff(decision.returned), name="decision_return"),
    path(f"{CASE}decisions/<uuid:decision>/taking-back/", staff(decision.taken_back), name="decision_taken_back"),
    path(f"{CASE}objections/<uuid:objection>/", staff(objections.objection), name="desk_objection"),
    path(f"{CASE}objections/<uuid:objection>/papers/", staff(objections.papers_ready), name="desk_papers"),
    path(f"{CASE}letters/<uuid:letter>/", staff(letters.letter), name="desk_letter"),
    path(f"{CASE}letters/<uuid:letter>/pdf/", staff(letters.paper), name="desk_letter_paper"),
]
