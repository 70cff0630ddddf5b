"""What lies between the servers' start and the first page, in one process: `make demo` runs it with the demo's environment.

Prints what invent_people prints, how the doctors come in, where anybody reads of them, how a patient meets one,
and how a claim goes.
"""

import io

import django
from django.conf import settings
from django.core.management import call_command

from dev.places import ROOT
from dev.static import collect_if_changed

DOCTORS = [  # of dev/doctors.toml
    ("oksana@example.kz", "Duty doctor"),
    ("madina@example.kz", "Duty paediatrician"),
    ("yerlan@example.kz", "Cardiologist"),
]
MEETING = """
A patient meets a doctor. Windows of one browser share who is signed in, so the patient takes another browser or a private window.
1. The doctor: the link of the duty doctor, then /desk/, «Go on duty».
2. The patient: insured by SMS (above, covered today), then «Doctor», «Get a consultation».
3. The doctor: «Next patient». The patient chooses video, sound or writing. Two microphones in one room echo: mute one.
At a chosen time: «Book an appointment» with the cardiologist, whose link opens the desk where that day’s bookings stand."""
CLAIMING = """
A claim for a payout, in three windows.
1. Somebody without an account: /claims/guests/nomad-life/, any e-mail, its code in the inbox;
   about Иванова Мария Петровна, 17.06.1964.
   Or the patient above, in the cabinet: «Claims».
2. The reviewer: the link, then /claims/desk/: find the contract, take the claim, accept the documents, propose a decision.
3. The approver: the link, then the same page. What is approved waits for the payment officer at /claims/payments/."""


def main() -> None:
    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    collect_if_changed()
    call_command("publish_products", stdout=io.StringIO())
    call_command("publish_doctors", ROOT / "dev/doctors.toml", stdout=io.StringIO())
    call_command("invent_requests")
    call_command("invent_people")
    for email, title in DOCTORS:
        print(f"{title:<22} ", end="", flush=True)
        call_command("staff_link", email=email, name=title)
    print(f"{'Doctors, for anybody':<22} {settings.PUBLIC_URL}/doctors/")
    print(MEETING)
    print(CLAIMING)


if __name__ == "__main__":
    main()
