"""The call centre's side of activation: find the person, read the file, act with a reason."""

from django.contrib import admin

from activation.admin.files import InsuredFileAdmin
from activation.models import InsuredFile

admin.site.register(InsuredFile, InsuredFileAdmin)
