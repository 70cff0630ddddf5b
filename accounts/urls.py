from django.urls import path

from accounts.views import account, holds, mobile, sms

app_name = "accounts"
urlpatterns = [
    path("profile/", account.profile, name="profile"),
    path("language/", account.language, name="language"),
    path("sessions/end/", account.end_session, name="end_session"),
    path("letter/", account.letter, name="letter"),
    path("link/<str:key>/", account.link, name="link"),
    path("login/sms/", sms.sign_in, name="sign_in_sms"),
    path("login/sms/code/", sms.sign_in_code, name="sign_in_code"),
    path("password/reset/sms/", sms.new_password_code, name="new_password_code"),
    path("mobile/", mobile.mobile, name="mobile"),
    path("mobile/code/", mobile.mobile_code, name="mobile_code"),
    path("mobile/withdrawal/", mobile.withdraw, name="mobile_withdrawal"),
    path("mobile/change/end/", mobile.keep, name="mobile_change_end"),
    path("stop/<str:key>/", holds.number_change, name="stop_number_change"),
    path("stop/step/<str:key>/", holds.lifting, name="stop_lifting"),
]
