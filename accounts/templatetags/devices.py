from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from accounts.forms import PinForm
from accounts.queries import is_pin_off, trusted_device
from accounts.rules import device_label

register = template.Library()
register.filter("device", device_label)


@register.inclusion_tag("accounts/pin_box.html", takes_context=True)
def pin_box(context: Context) -> dict[str, Any]:
    """At the sign-in of a trusted device, until five PINs were wrong. Two queries there, none in a strange browser."""
    request = context["request"]
    device = trusted_device(request)
    is_offered = device is not None and not is_pin_off(device, now=timezone.now())
    wanted = request.GET.get("next", "")
    return {
        "device": device if is_offered else None,
        "form": PinForm(auto_id="id_%s"),
        "next": wanted,
        "request": request,
    }
