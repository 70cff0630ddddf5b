"""Event streams (core.live). Pages run under WSGI: under ASGI they cost twice the CPU. A laptop's demo serves both here."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_asgi_application()
