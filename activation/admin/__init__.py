"""The staff's side of activation: find the person, read their page, act with a reason; issue codes on paper; write to a
firm's people."""

from django.contrib import admin

from activation.admin.codes import CodeBatchAdmin
from activation.admin.mailings import MailingAdmin
from activation.admin.people import InsuredPersonAdmin
from activation.models import CodeBatch, InsuredPerson, Mailing

admin.site.register(InsuredPerson, InsuredPersonAdmin)
admin.site.register(CodeBatch, CodeBatchAdmin)
admin.site.register(Mailing, MailingAdmin)
