"""Staff's pages about registers, differing contacts, who works for whom, and the audit trail."""

from policies.admin import differences, registers, staff, trail

__all__ = ["differences", "registers", "staff", "trail"]
