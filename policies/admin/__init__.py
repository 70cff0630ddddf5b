"""Staff's pages about registers, differing contacts, messages, who works for whom, and the audit trail."""

from policies.admin import differences, notices, registers, staff, trail

__all__ = ["differences", "notices", "registers", "staff", "trail"]
