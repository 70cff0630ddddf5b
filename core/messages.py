"""One-off messages in a cookie that, like all of ours, belongs to this host alone."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class HostCookieStorage(CookieStorage):
    cookie_name = settings.HOST_PREFIX + "messages"
