"""The payers' room under /claims/payments/, behind the second factor; what reviewers do about money on a claim."""

from django.contrib import admin
from django.urls import path

from claims.views.desk import accounts, loan, money
from claims.views.payments import answers, cases, files, penalties, rates, room

staff = admin.site.admin_view

PAYMENTS, CASE = "claims/payments/", "claims/desk/<uuid:public_id>/"
urlpatterns = [
    path(PAYMENTS, staff(room.room), name="payments"),
    path(f"{PAYMENTS}cases/<uuid:public_id>/", staff(cases.case), name="payments_case"),
    # What goes to the bank.
    path(f"{PAYMENTS}files/", staff(files.files), name="payment_files"),
    path(f"{PAYMENTS}files/<uuid:public_id>/", staff(files.file), name="payment_file"),
    path(f"{PAYMENTS}files/<uuid:public_id>/orders/", staff(files.orders), name="payment_orders"),
    path(f"{PAYMENTS}orders/<uuid:public_id>/recall/", staff(files.recall), name="payment_recall"),
    # What the bank answers.
    path(f"{PAYMENTS}answers/", staff(answers.answers), name="bank_answers"),
    path(f"{PAYMENTS}answers/<uuid:public_id>/", staff(answers.answer), name="bank_answer"),
    # What a delay costs.
    path(f"{PAYMENTS}penalties/", staff(penalties.penalties), name="penalties"),
    path(f"{PAYMENTS}late/<uuid:public_id>/", staff(penalties.late), name="late"),
    path(f"{PAYMENTS}penalties/<uuid:public_id>/", staff(penalties.penalty), name="penalty"),
    path(f"{PAYMENTS}penalties/<uuid:public_id>/approval/", staff(penalties.approval), name="penalty_approval"),
    path(f"{PAYMENTS}penalties/<uuid:public_id>/return/", staff(penalties.returned), name="penalty_return"),
    path(f"{PAYMENTS}rates/", staff(rates.rates), name="rates"),
    # On a claim, by its reviewer.
    path(f"{CASE}loan/", staff(loan.loan), name="loan"),
    path(f"{CASE}loan/file/", staff(loan.file), name="loan_file"),
    path(f"{CASE}loan/letter/", staff(loan.letter), name="loan_letter"),
    path(f"{CASE}money/", staff(money.money), name="desk_money"),
    path(f"{CASE}lump-sum/", staff(money.lump_sum), name="lump_sum"),
    path(f"{CASE}stop/", staff(money.stop), name="stop"),
    path(f"{CASE}stop/<uuid:stop>/approval/", staff(money.stop_approval), name="stop_approval"),
    path(f"{CASE}stop/<uuid:stop>/return/", staff(money.stop_return), name="stop_return"),
    path(f"{CASE}recertification/", staff(money.recertification), name="desk_recertification"),
    path(f"{CASE}examination/", staff(money.examination), name="examination"),
    path(f"{CASE}examination/<uuid:examination>/", staff(money.result), name="examination_result"),
    path(f"{CASE}account/<uuid:payee>/", staff(money.account), name="desk_account"),
    path(f"{CASE}account-requests/<uuid:asked>/entry/", staff(accounts.entry), name="account_entry"),
    path(f"{CASE}account-requests/<uuid:asked>/refusal/", staff(accounts.refusal), name="account_refusal"),
]
