"""The claimant's side under /claims/, with an account or without; the bank's counter; event streams under /live/."""

from django.urls import path

from claims.views import application, bank, case, documents, guest, home, notice, objections, payouts, recertification

CASE = "claims/cases/<uuid:public_id>/"
ITEM = f"{CASE}documents/<uuid:item>/"
BANK = "claims/bank/<uuid:public_id>/"
urlpatterns = [
    path("claims/", home.home, name="home"),
    path("claims/notice/", notice.notice, name="notice"),
    # Without an account.
    path("claims/guests/", guest.insurers, name="guests"),
    path("claims/guests/<slug:insurer>/", guest.contact, name="guest"),
    path("claims/guests/<slug:insurer>/code/", guest.code, name="guest_code"),
    path("claims/guests/<slug:insurer>/notice/", guest.notice, name="guest_notice"),
    path("claims/return/", guest.way_back, name="return"),
    path("claims/return/code/", guest.return_code, name="return_code"),
    # One case.
    path(CASE, case.case, name="case"),
    path(f"{CASE}application/", application.application, name="application"),
    path(f"{CASE}earlier-knowledge/", case.knowledge, name="knowledge"),
    path(f"{CASE}withdrawal/", case.withdrawal, name="withdrawal"),
    path(f"{CASE}export/", case.export, name="export"),
    path(f"{CASE}letters/<uuid:letter>/", case.letter, name="letter"),
    path(f"{CASE}letters/<uuid:letter>/paper/", case.paper, name="paper"),
    path(f"live/{CASE}", case.news, name="live_case"),
    # What is paid, and where; a disability that is established anew.
    path(f"{CASE}payouts/", payouts.payouts, name="case_payouts"),
    path(f"{CASE}payouts/accounts/<uuid:payee>/", payouts.account, name="case_account"),
    path(f"{CASE}recertification/", recertification.recertification, name="recertification"),
    path(f"{CASE}recertification/beginning/", recertification.beginning, name="recertification_beginning"),
    # Whoever disagrees with the decision.
    path(f"{CASE}objections/", objections.objections, name="objections"),
    path(f"{CASE}objections/<str:way>/", objections.objection, name="object"),
    path(f"{CASE}objections/<uuid:objection>/pack/", objections.pack, name="ombudsman_pack"),
    path(f"{CASE}objections/<uuid:objection>/<str:event>/", objections.objection_step, name="objection_step"),
    # A document of it.
    path(ITEM, documents.document, name="document"),
    path(f"{ITEM}files/", documents.files, name="document_files"),
    path(f"{ITEM}files/<uuid:file>/", documents.file, name="document_file"),
    path(f"{ITEM}files/<uuid:file>/removal/", documents.removal, name="document_removal"),
    path(f"live/{ITEM}", documents.news, name="live_document"),
    path(f"{ITEM}bank/", bank.link, name="bank_link"),
    path(f"{ITEM}bank/<int:number>/end/", bank.link_end, name="bank_link_end"),
    # The bank's own.
    path(BANK, bank.bank, name="bank"),
    path(f"{BANK}files/", bank.files, name="bank_files"),
    path(f"{BANK}files/<uuid:file>/removal/", bank.removal, name="bank_removal"),
    path(f"live/{BANK}", bank.news, name="live_bank"),
]
