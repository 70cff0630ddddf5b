"""Production's storage gives each static file a hashed name; a reference to a missing file stops the collection."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings


def test_every_file_that_our_styles_name_exists(tmp_path: Path) -> None:
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES={**settings.STORAGES, "staticfiles": hashed}):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("css/*.css.gz"))
