"""Django without middleware for a floor: the product's models and database, the views of the module in BENCH_URLS."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()
settings.MIDDLEWARE, settings.ROOT_URLCONF = [], os.environ["BENCH_URLS"]
application = WSGIHandler()
