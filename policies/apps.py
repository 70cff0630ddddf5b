"""Policies: products, people, policies and who may see them.

Answers `accounts.passwords.own_words_asked` with what is known about the people an account reaches, and
`accounts.adapters.brand_asked` with the insurer in whose name an account is written to.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Policies")

    def ready(self) -> None:
        from accounts.adapters import brand_asked
        from accounts.passwords import own_words_asked
        from core.rows.sights import SIGHTS, Sight
        from notices.rules import KINDS
        from policies.models import Access
        from policies.queries import brand_for_account, words_of_account
        from policies.rules.notices import NOTICES

        KINDS.update(NOTICES)
        SIGHTS["people"] = Sight(lambda user, now: Access.objects.people_of(user, now=now))
        own_words_asked.connect(words_of_account)
        brand_asked.connect(brand_for_account)
