"""What is told of a booking and when, of an urgent request, and afterwards; and how such messages are called where people
read of them (notices.rules.KINDS)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

DAY_BEFORE = timedelta(hours=26)  # two hours are left in which it may still be called off free (TM-40)
STILL_WORTH_IT = timedelta(hours=1)  # before the talk the reminder of the day before helps nobody any more
SOON_BEFORE = timedelta(minutes=10)

NOTICES = {
    "consultation_booked": _("a talk with a doctor is booked"),
    "consultation_moved": _("a talk with a doctor was moved"),
    "consultation_cancelled": _("a talk with a doctor is called off"),
    "consultation_tomorrow": _("reminder of a talk, the day before"),
    "consultation_soon": _("reminder of a talk, ten minutes before"),
}
OF_A_REQUEST = {
    "payment_noted": _("notice: a payment was received"),
    "came_back": _("notice: a failure on our side, the doctor calls again"),
    "payment_owed_back": _("notice: a payment is paid back"),
    "paid_back": _("notice: a payment was paid back"),
}
AFTERWARDS = {
    "conclusion_sent": _("letter: the doctor’s document is in the cabinet"),
    "not_reached": _("notice: three calls were not answered"),
    "claim_answered": _("letter: a quality claim is answered"),
}
