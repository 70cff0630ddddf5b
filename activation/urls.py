from django.urls import path

from activation.views import (
    account,
    enrolment,
    invited,
    letter,
    mobile,
    number,
    proof,
    registration,
    start,
    waiting,
)

app_name = "activation"

urlpatterns = [
    path("", start.programmes, name="programmes"),
    path("letter/", letter.letter, name="letter"),
    path("letter/copies/", letter.copies, name="letter_copies"),
    path("letter/address/", letter.address, name="letter_address"),
    path("letter/end/", letter.end, name="letter_end"),
    path("confirm/<str:token>/", letter.confirm, name="confirm"),
    path("invited/<str:token>/", invited.invited, name="invited"),
    path("enrolment/<uuid:public_id>/", enrolment.report, name="enrolment"),
    path("<slug:code>/", start.start, name="start"),
    path("<slug:code>/mobile/", mobile.number, name="mobile"),
    path("<slug:code>/mobile/code/", mobile.number_code, name="mobile_code"),
    path("<slug:code>/registration/", registration.registration, name="registration"),
    path("<slug:code>/declaration/", registration.declaration, name="declaration"),
    path("<slug:code>/number/", number.number, name="number"),
    path("<slug:code>/number/child/", number.child, name="child"),
    path("<slug:code>/waiting/", waiting.waiting, name="waiting"),
    path("<slug:code>/waiting/calendar.ics", waiting.calendar, name="calendar"),
    path("<slug:code>/waiting/reminder/", waiting.reminder, name="reminder"),
    path("<slug:code>/proof/", proof.proof, name="proof"),
    path("<slug:code>/proof/codes/", proof.codes, name="proof_codes"),
    path("<slug:code>/recovery/", proof.recovery, name="recovery"),
    path("<slug:code>/recovery/codes/", proof.recovery_codes, name="recovery_codes"),
    path("<slug:code>/account/", account.account, name="account"),
]
