from django import template

from accounts.rules import device_label

register = template.Library()
register.filter("device", device_label)
