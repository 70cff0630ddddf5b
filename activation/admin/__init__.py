"""The staff's side of activation: find the person, read the file, act with a reason; issue codes on paper."""

from django.contrib import admin

from activation.admin.codes import CodeBatchAdmin
from activation.admin.files import InsuredFileAdmin
from activation.models import CodeBatch, InsuredFile

admin.site.register(InsuredFile, InsuredFileAdmin)
admin.site.register(CodeBatch, CodeBatchAdmin)
