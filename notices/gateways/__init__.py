from collections.abc import Callable

from django.conf import settings

from notices.gateways.base import Gateway
from notices.gateways.sms_sandbox import SmsSandbox
from notices.gateways.smsc import Smsc
from notices.gateways.smtp import Smtp
from notices.rules import Channel

SMS: dict[str, Callable[[], Gateway]] = {"sandbox": SmsSandbox, "smsc": Smsc}


def gateway_for(channel: str) -> Gateway:
    return Smtp() if channel == Channel.EMAIL else SMS[settings.SMS_GATEWAY]()
