from policies.admin import staff, trail

__all__ = ["staff", "trail"]
