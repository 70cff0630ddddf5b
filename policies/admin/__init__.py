"""Staff's pages about insurers, registers and who works for whom."""

from django.contrib import admin

from core.models import AuditEvent
from policies.admin.staff import StaffMembershipAdmin
from policies.admin.trail import AuditEventAdmin
from policies.models import StaffMembership

admin.site.register(StaffMembership, StaffMembershipAdmin)
admin.site.register(AuditEvent, AuditEventAdmin)
