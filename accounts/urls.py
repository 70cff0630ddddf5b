from django.urls import path

from accounts.views import account, first_password, guests, holds, mobile, national, pin, sms

app_name = "accounts"
urlpatterns = [
    path("profile/", account.profile, name="profile"),
    path("language/", account.language, name="language"),
    path("sessions/end/", account.end_session, name="end_session"),
    path("letter/", account.letter, name="letter"),
    path("link/<str:key>/", account.link, name="link"),
    path("guest/<str:key>/", guests.guest, name="guest"),
    path("guest/<str:key>/code/", guests.guest_code, name="guest_code"),
    path("guest/<uuid:subject>/end/", guests.guest_end, name="guest_end"),
    path("login/sms/", sms.sign_in, name="sign_in_sms"),
    path("login/sms/code/", sms.sign_in_code, name="sign_in_code"),
    path("password/reset/sms/", sms.new_password_code, name="new_password_code"),
    path("first/<str:key>/", first_password.choose, name="first_password"),
    path("login/pin/", pin.sign_in, name="sign_in_pin"),
    path("pin/", pin.pin, name="pin"),
    path("pin/removal/", pin.remove, name="pin_removal"),
    path("device/", pin.device, name="device"),
    path("devices/end/", pin.end_trust, name="end_trust"),
    path("mobile/", mobile.mobile, name="mobile"),
    path("mobile/code/", mobile.mobile_code, name="mobile_code"),
    path("mobile/withdrawal/", mobile.withdraw, name="mobile_withdrawal"),
    path("mobile/change/end/", mobile.keep, name="mobile_change_end"),
    path("national/", national.connection, name="national"),
    path("national/sign-in/", national.sign_in, name="national_sign_in"),
    path("national/callback/", national.callback, name="national_callback"),
    path("national/connection/", national.connect, name="national_connect"),
    path("national/connection/end/", national.disconnect, name="national_disconnect"),
    path("stop/<str:key>/", holds.number_change, name="stop_number_change"),
    path("stop/step/<str:key>/", holds.lifting, name="stop_lifting"),
]
