"""Tags that draw the components of `templates/components/`."""

from django import template

register = template.Library()
