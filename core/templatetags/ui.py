"""How facts are written for people: dates, money, phones. The active language decides."""

from django import template

register = template.Library()
