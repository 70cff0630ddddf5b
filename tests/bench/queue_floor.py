"""The product with Django's own list of claims, as settings: every column, every filter, its counts and its pages by OFFSET."""

from portal.settings import *  # noqa: F403  all of them
from portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.djangos_list"]
