"""One consultation from the request to its acceptance, and every step with its time."""

import secrets
import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly
from core.money import Money
from core.rows.walls import Ago, Among, Files, Through, Wall, Window
from core.uploads.rules import Collection
from policies.models import Access, Insurer, Person, Policy
from policies.rules import Rendering, Service
from telemed.models.doctors import Doctor
from telemed.rules import (
    BEFORE_THE_TALK,
    CLAIMABLE,
    FILES,
    HOLDS_TIME,
    JOB,
    OPEN_STATES,
    PAID_FOR_NOTHING,
    SEEN_FOR_DAYS,
    UNDER_WAY,
    WITH_THE_DOCTOR,
    Channel,
    Event,
    Speciality,
    State,
    counts_as_rendered,
    doctor_sees_until,
    owed_for,
)


class Span(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


PLANNED = Span(F("starts_at"), F("ends_at"), RangeBoundary())
COUNTED = (
    "id", "service", "policy", "state", "rendered_as", "price", "payment_reference", "queued_at", "starts_at",
    "first_called_at", "began_at", "ended_at", "patient", "doctor",
)  # fmt: skip

# Who sees a consultation, and what hangs on it (adr/0046). The last two are given for a moment: to a doctor who has the
# patient (services.queue, queries.desk), and to one who takes the next from the queue.
PATIENT = Among("people", "patient")
DOCTOR = Among("consults_as", "doctor", only=Q(ended_at=None) | Q(ended_at__gt=Ago(SEEN_FOR_DAYS)))
ANSWERING, COORDINATOR = Among("answers_for", "insurer"), Among("coordinates", "insurer")
ATTENDING = Among("attends", "patient")
TAKING = Among("takes_from", "insurer", only=Q(state=State.WAITING))
OF_BOTH = [PATIENT, DOCTOR]
FILES_KIND = "telemed.consultation"  # begins the keys of their collections
# What everybody's pages count with (models.windows).
TRAFFIC = [
    "insurer", "speciality", "doctor", "consultant", "state", "starts_at", "ends_at", "queued_at", "first_called_at",
]  # fmt: skip


def new_room() -> str:
    """128 bits: names the media path and the TURN credentials, and nothing else."""
    return secrets.token_hex(16)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: Any, *, now: datetime) -> "ConsultationQuerySet":
        """Of the people whose affairs this account may see in full. The doctor's door is `of_doctor`."""
        return self.filter(patient__in=Access.objects.people_of(user, now=now))

    def of_doctor(self, user: Any, *, now: datetime) -> "ConsultationQuerySet":
        """Those assigned to this doctor, until some days after they ended (decisions.md, Telemedicine)."""
        return self.filter(
            Q(ended_at=None) | Q(ended_at__gt=doctor_sees_until(now)), doctor__user=user, doctor__is_active=True
        )

    def open(self) -> "ConsultationQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def queue(self, insurer: Insurer | None = None) -> "ConsultationQuerySet":
        """Who waits for a duty doctor, the longest first."""
        waiting = self.filter(state=State.WAITING)
        return (waiting.filter(insurer=insurer) if insurer else waiting).order_by("queued_at", "pk")


class Consultation(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="consultations")
    patient = models.ForeignKey(Person, models.PROTECT, related_name="consultations", verbose_name=_("insured person"))
    # KIH-20: somebody close to the insured person, whom we know by nothing else. Nothing: the insured person themselves.
    close_one = models.CharField(_("for whom"), max_length=200, blank=True)
    close_one_born = models.DateField(_("birth date"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consultations")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    speciality = models.CharField(_("speciality"), max_length=20, choices=Speciality.choices)
    state = models.CharField(_("state"), max_length=14, choices=State.choices)

    # What it costs, as it was answered when it was asked for (policies.queries.cover).
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="consultations"
    )  # that covers it
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)  # 0: covered
    currency = models.CharField(max_length=3)
    payment_reference = models.CharField(_("payment"), max_length=60, blank=True)

    # TM-13: what the patient declares before the start.
    complaint = models.TextField(_("what troubles you"), max_length=4000)
    diagnoses = models.TextField(_("known diagnoses and past diseases"), max_length=4000, blank=True)
    allergies = models.TextField(_("allergies"), max_length=2000, blank=True)
    contraindications = models.TextField(_("contraindications"), max_length=2000, blank=True)
    phone = models.CharField(_("mobile number"), max_length=16)  # E.164, proved: where the doctor calls (TM-32)

    doctor = models.ForeignKey(Doctor, models.PROTECT, null=True, blank=True, related_name="consultations")
    # Who that is, at however many organisations: booked at one time once. Set with `doctor` where a time is set.
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)  # booked for; nothing where it is urgent
    ends_at = models.DateTimeField(null=True, blank=True)  # of the booked time
    moves = models.PositiveSmallIntegerField(default=0)  # to another time: the number of its calendar entry (RFC 5545)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    queued_at = models.DateTimeField(_("in the queue since"), null=True, blank=True)
    by_telephone = models.BooleanField(_("asks to be called by telephone"), default=False)  # TM-01, TM-32
    called_at = models.DateTimeField(_("called"), null=True, blank=True)  # the call that rings or rang last
    # Where the wait ended: the first of its calls. A failure of ours takes it back together with `called_at`.
    first_called_at = models.DateTimeField(_("first called"), null=True, blank=True, editable=False)
    extensions = models.PositiveSmallIntegerField(default=0)  # of that call's window
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    began_at = models.DateTimeField(_("began"), null=True, blank=True)  # when the channel was chosen (TM-35)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)  # the talk, or whatever closed it instead
    # From which the term of claims runs. An upheld claim leaves both as they were; see `counts_as_rendered`.
    rendered_at = models.DateTimeField(_("rendered"), null=True, blank=True)
    rendered_as = models.CharField(_("how it counts"), max_length=14, choices=Rendering.choices, blank=True)
    room = models.CharField(max_length=32, unique=True, default=new_room, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [
            # However many doctors press «next» at once (architecture.md, State).
            models.UniqueConstraint(
                fields=["doctor"], condition=Q(state__in=WITH_THE_DOCTOR), name="consultation_one_a_doctor"
            ),
            models.UniqueConstraint(
                fields=["patient", "close_one"],
                condition=Q(state__in=BEFORE_THE_TALK, starts_at=None),
                name="consultation_one_urgent_a_patient",
            ),
            ExclusionConstraint(
                name="consultation_no_two_at_one_time_of_a_doctor",
                expressions=[(PLANNED, RangeOperators.OVERLAPS), ("consultant", RangeOperators.EQUAL)],
                condition=Q(state__in=HOLDS_TIME, starts_at__isnull=False),
            ),
            ExclusionConstraint(
                name="consultation_no_two_at_one_time_of_a_patient",
                expressions=[
                    (PLANNED, RangeOperators.OVERLAPS),
                    ("patient", RangeOperators.EQUAL),
                    ("close_one", RangeOperators.EQUAL),
                ],
                condition=Q(state__in=HOLDS_TIME, starts_at__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(doctor__isnull=False, consultant__isnull=False, ends_at__gt=F("starts_at")),
                name="consultation_booked_with_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CALLING, State.TALKING, State.TALKED, State.CONCLUDED])
                | Q(doctor__isnull=False),
                name="consultation_has_its_doctor",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.TALKING, State.TALKED, State.CONCLUDED])
                | (~Q(channel="") & Q(began_at__isnull=False)),
                name="consultation_began_by_a_channel",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="consultation_price"),
            models.CheckConstraint(
                condition=Q(rendered_at=None, rendered_as="") | Q(rendered_at__isnull=False) & ~Q(rendered_as=""),
                name="consultation_rendered_as_something",
            ),
            Wall(
                name="consultation_wall",
                seen_by=[PATIENT, DOCTOR, ANSWERING, ATTENDING, TAKING],
                jobs=[JOB],
                window=Window("telemed_traffic", TRAFFIC),
                files=Files(FILES_KIND, seen_by=OF_BOTH),
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at", "id"], condition=Q(state=State.WAITING), name="consultation_queue"),
            models.Index(fields=["insurer", "queued_at"], name="consultation_recent_waits"),
            models.Index(fields=["patient", "-asked_at"], name="consultation_history"),
            models.Index(fields=["doctor", "starts_at"], name="consultation_of_doctor"),
            models.Index(
                fields=["rendered_at"], condition=Q(state__in=CLAIMABLE), name="consultation_to_accept"
            ),  # when nobody claims
            # What the coordinators count (telemed.queries.figures), read without the rows themselves, which are long.
            models.Index(fields=["insurer", "asked_at"], include=COUNTED, name="consultation_figures"),
            models.Index(
                fields=["insurer"],
                condition=Q(state__in=PAID_FOR_NOTHING) & ~Q(payment_reference=""),
                name="consultation_paid_for_nothing",
            ),
            models.Index(
                fields=["insurer", "state", "starts_at"],
                condition=Q(state__in=UNDER_WAY),
                name="consultation_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()}: {self.get_state_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.consultant_id = self.doctor.user_id if self.doctor and self.starts_at else None
        self.first_called_at = (self.first_called_at or self.called_at) if self.called_at else None
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("telemed:consultation", args=[self.public_id])

    @property
    def number(self) -> str:
        """As it is read aloud on the telephone: enough to find it among those of a day."""
        return self.public_id.hex[:8].upper()

    @property
    def files(self) -> Collection:
        """Of both sides."""
        return Collection(self.insurer.slug, f"{FILES_KIND}:{self.public_id}", FILES)

    @property
    def cost(self) -> Money:
        return Money(self.price, self.currency)

    @property
    def owed_back(self) -> Money | None:
        """What somebody has paid for nothing: called off in time, or by a failure of ours (TM-40); claimed about with reason
        (TM-18). Too late, and it counts as rendered, so it stays paid (TM-41)."""
        return self.cost if owed_for(State(self.state), is_paid=bool(self.payment_reference)) else None

    @property
    def counts_as_rendered(self) -> bool:
        return counts_as_rendered(State(self.state), was_rendered=self.rendered_at is not None)

    @property
    def is_before_the_talk(self) -> bool:
        return self.state in BEFORE_THE_TALK

    @property
    def is_urgent(self) -> bool:
        return self.starts_at is None

    @property
    def attending(self) -> Doctor:
        """From the call on, and of whatever is booked: the constraints say so."""
        if self.doctor is None:
            raise ValueError(f"nobody attends {self.public_id}")
        return self.doctor

    @property
    def for_whom(self) -> str:
        return self.close_one or self.patient.short_name

    @property
    def whose(self) -> str:
        """Whom the doctor talks about, in full."""
        return self.close_one or self.patient.full_name

    @property
    def born_on(self) -> date | None:
        return self.close_one_born if self.close_one else self.patient.birth_date


class ConsultationStep(AppendOnly):
    """What happened to a consultation, when, by whom and why: its immutable history."""

    consultation = models.ForeignKey(Consultation, models.DO_NOTHING, related_name="steps")
    kind = models.CharField(_("step"), max_length=12, choices=Event.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step of a consultation")
        verbose_name_plural = _("steps of consultations")
        indexes = [models.Index(fields=["consultation", "at"], name="step_of_consultation")]
        constraints = [
            Wall(name="consultation_step_wall", seen_by=[Through("consultation")], jobs=[JOB], grows=True),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_kind_display()}"
