from policies.admin import differences, registers

__all__ = ["differences", "registers"]
