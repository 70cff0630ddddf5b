from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def national_service() -> str:
    """The name of the national service that people may sign in with; nothing where none is set up."""
    return settings.NATIONAL_ID_NAME if settings.NATIONAL_ID_ISSUER else ""
