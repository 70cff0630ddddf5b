"""Patients under /doctor/, doctors under /desk/, staff of the assistance under /assistance/, anybody under /conclusions/,
/doctors/ and /medical-organisations/, event streams under /live/ (deploy/nginx.conf)."""

from django.contrib import admin
from django.urls import path

from telemed.rules import Side
from telemed.views import (
    after,
    assistance,
    booking,
    callers,
    cancellation,
    check,
    claims,
    conclusions,
    consultation,
    desk,
    duty,
    entry,
    files,
    home,
    live,
    media,
    moving,
    payments,
    phrases,
    public,
    referral,
    request,
    schedule,
    talk,
    unsent,
)

staff = admin.site.admin_view  # behind the second factor

app_name = "telemed"
AT_PATIENT, AT_DOCTOR = {"side": Side.PATIENT}, {"side": Side.DOCTOR}
urlpatterns = [
    # The patient and the duty doctor.
    path("doctor/", home.home, name="home"),
    path("doctor/entry/", entry.entry, name="entry"),
    path("doctor/request/", request.request_duty_doctor, name="request"),
    path("doctor/consultations/<uuid:public_id>/", consultation.consultation, name="consultation"),
    path("doctor/consultations/<uuid:public_id>/place/", consultation.place, name="place"),
    path("doctor/consultations/<uuid:public_id>/telephone/", consultation.telephone, name="telephone"),
    path("doctor/consultations/<uuid:public_id>/cancellation/", cancellation.cancellation, name="cancellation"),
    path("live/consultations/<uuid:public_id>/", live.consultation, name="live_consultation"),
    # Booking a time.
    path("doctor/booking/", booking.kinds, name="booking"),
    path("doctor/booking/with/<slug:slug>/", booking.with_doctor, name="with_doctor"),
    path("doctor/booking/<uuid:person>/<str:service>/", booking.specialities, name="specialities"),
    path("doctor/booking/<uuid:person>/<str:service>/appointment/", booking.appointment, name="appointment"),
    path("doctor/booking/<uuid:person>/<str:service>/<str:speciality>/", booking.doctors, name="booking_doctors"),
    path("doctor/booking/<uuid:person>/<str:service>/<str:speciality>/<slug:who>/", booking.times, name="times"),
    path("doctor/consultations/<uuid:public_id>/time/", moving.new_time, name="new_time"),
    path("doctor/consultations/<uuid:public_id>/time/move/", moving.move, name="move"),
    path("doctor/consultations/<uuid:public_id>/calendar/", moving.calendar, name="calendar"),
    # Files beside a form about somebody, …
    path("doctor/people/<uuid:person>/files/", unsent.files, name="unsent_files"),
    path("doctor/people/<uuid:person>/files/<uuid:file>/", unsent.file, name="unsent_file"),
    path("live/people/<uuid:person>/files/", unsent.live, name="live_unsent_files"),
    # … of a consultation at the patient's, and at the doctor's.
    path("doctor/consultations/<uuid:public_id>/files/", files.files, AT_PATIENT, name="files"),
    path("doctor/consultations/<uuid:public_id>/files/new/", files.new_files, AT_PATIENT, name="new_files"),
    path("doctor/consultations/<uuid:public_id>/files/<uuid:file>/", files.file, AT_PATIENT, name="file"),
    path("live/consultations/<uuid:public_id>/files/", files.live, AT_PATIENT, name="live_files"),
    path("desk/consultations/<uuid:public_id>/files/", files.files, AT_DOCTOR, name="desk_files"),
    path("desk/consultations/<uuid:public_id>/files/new/", files.new_files, AT_DOCTOR, name="desk_new_files"),
    path("desk/consultations/<uuid:public_id>/files/<uuid:file>/", files.file, AT_DOCTOR, name="desk_file"),
    path("live/desk/consultations/<uuid:public_id>/files/", files.live, AT_DOCTOR, name="desk_live_files"),
    # «Check the connection».
    path("doctor/check/", check.check, name="device_check"),
    path("doctor/check/sample/", check.sample, name="device_check_sample"),
    # The call and the talk, at the patient's …
    path("doctor/consultations/<uuid:public_id>/answer/", talk.answer, AT_PATIENT, name="answer"),
    path("doctor/consultations/<uuid:public_id>/extension/", talk.extension, AT_PATIENT, name="extension"),
    path("doctor/consultations/<uuid:public_id>/channel/", talk.channel, AT_PATIENT, name="channel"),
    path("doctor/consultations/<uuid:public_id>/message/", talk.message, AT_PATIENT, name="message"),
    path("doctor/consultations/<uuid:public_id>/media/", media.join, AT_PATIENT, name="media"),
    path("doctor/consultations/<uuid:public_id>/signals/", media.signals, AT_PATIENT, name="signals"),
    path("live/consultations/<uuid:public_id>/talk/", media.news, AT_PATIENT, name="live_talk"),
    # … and at the doctor's
    path("desk/consultations/<uuid:public_id>/call/start/", talk.call, AT_DOCTOR, name="desk_call_start"),
    path("desk/consultations/<uuid:public_id>/call/miss/", talk.miss, AT_DOCTOR, name="desk_miss"),
    path(
        "desk/consultations/<uuid:public_id>/call/telephone/", talk.telephone_answer, AT_DOCTOR, name="desk_telephone"
    ),
    path("desk/consultations/<uuid:public_id>/call/end/", talk.end, AT_DOCTOR, name="desk_end"),
    path("desk/consultations/<uuid:public_id>/channel/", talk.channel, AT_DOCTOR, name="desk_channel"),
    path("desk/consultations/<uuid:public_id>/message/", talk.message, AT_DOCTOR, name="desk_message"),
    path("desk/consultations/<uuid:public_id>/media/", media.join, AT_DOCTOR, name="desk_media"),
    path("desk/consultations/<uuid:public_id>/signals/", media.signals, AT_DOCTOR, name="desk_signals"),
    path("live/desk/consultations/<uuid:public_id>/talk/", media.news, AT_DOCTOR, name="live_desk_talk"),
    # The desk, and what comes after a talk.
    path("doctor/consultations/<uuid:public_id>/claim/", after.claim, name="claim"),
    path("doctor/consultations/<uuid:public_id>/rating/", after.rating, name="rating"),
    path("doctor/consultations/<uuid:public_id>/conclusion/<str:language>/", conclusions.conclusion, name="conclusion"),
    path("conclusions/<str:code>/", conclusions.check, name="conclusion_check"),
    path("desk/", staff(desk.desk), name="desk"),
    path("live/desk/", staff(live.desk), name="live_desk"),
    path("desk/duty/<slug:slug>/", staff(duty.duty), name="duty"),
    path("desk/duty/<slug:slug>/next/", staff(duty.next_patient), name="next_patient"),
    path("desk/consultations/<uuid:public_id>/", staff(desk.consultation), name="desk_consultation"),
    path("desk/consultations/<uuid:public_id>/attempts/", staff(desk.attempts), name="desk_attempts"),
    path("desk/consultations/<uuid:public_id>/dialling/", staff(desk.dialling), name="desk_dialling"),
    path("desk/consultations/<uuid:public_id>/return/", staff(desk.give_back_consultation), name="desk_return"),
    path("desk/consultations/<uuid:public_id>/draft/", staff(conclusions.draft), name="desk_draft"),
    path("desk/consultations/<uuid:public_id>/conclusion/", staff(conclusions.send), name="desk_conclusion"),
    path("desk/consultations/<uuid:public_id>/earlier/<uuid:earlier_id>/", staff(desk.earlier), name="desk_earlier"),
    path("desk/consultations/<uuid:public_id>/referral/", staff(referral.referral), name="referral"),
    path(
        "desk/consultations/<uuid:public_id>/referral/<str:speciality>/",
        staff(referral.referral_time),
        name="referral_time",
    ),
    path("desk/schedule/", staff(schedule.schedule), name="schedule"),
    path("desk/schedule/<slug:slug>/hours/", staff(schedule.new_hours), name="new_hours"),
    path("desk/schedule/<slug:slug>/absences/", staff(schedule.new_absence), name="new_absence"),
    path("desk/schedule/hours/<int:number>/end/", staff(schedule.end_of_hours), name="end_of_hours"),
    path("desk/schedule/absences/<int:number>/removal/", staff(schedule.absence_removal), name="absence_removal"),
    path("desk/phrases/", staff(phrases.phrases), name="phrases"),
    path("desk/phrases/<int:number>/removal/", staff(phrases.phrase_removal), name="phrase_removal"),
    # Staff who answer the telephone, and the coordinators of an insurer.
    path("assistance/", staff(assistance.room), name="assistance"),
    path("assistance/callers/", staff(callers.callers), name="callers"),
    path("assistance/callers/<uuid:public_id>/", staff(callers.cancellation), name="caller_cancellation"),
    path("assistance/now/", staff(assistance.now), name="now"),
    path("assistance/now/board/", staff(assistance.board), name="board"),
    path("live/assistance/", staff(live.assistance), name="live_assistance"),
    path("assistance/figures/", staff(assistance.figures), name="figures"),
    path("assistance/requests/", staff(assistance.requests), name="requests"),
    path("assistance/export/", staff(assistance.export), name="export"),
    path("assistance/payments/", staff(payments.payments), name="payments"),
    path("assistance/payments/<uuid:public_id>/", staff(payments.payment), name="payment"),
    path("assistance/payments/<uuid:public_id>/back/", staff(payments.payment_back), name="payment_back"),
    path("assistance/claims/", staff(claims.claims), name="claims"),
    path("assistance/claims/<uuid:public_id>/", staff(claims.claim), name="assistance_claim"),
    # Anybody, in their own language …
    path("doctors/", public.in_own_language, name="doctors"),
    path("doctors/<slug:slug>/", public.in_own_language, name="doctor"),
    path("medical-organisations/", public.in_own_language, name="organisations"),
    path("medical-organisations/<slug:slug>/", public.in_own_language, name="organisation"),
]
# … which stands in front of these (portal/urls.py).
public_urlpatterns = [
    path("doctors/", public.doctors, name="doctors"),
    path("doctors/<slug:slug>/", public.doctor, name="doctor"),
    path("medical-organisations/", public.organisations, name="organisations"),
    path("medical-organisations/<slug:slug>/", public.organisation, name="organisation"),
]
