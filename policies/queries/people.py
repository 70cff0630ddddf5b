"""What a person is insured by, and who else takes part."""

from collections.abc import Iterable

from policies.models import Party, Person, Policy
from policies.rules import Role


def policies_of(person: Person) -> list[Policy]:
    """Those that cover the person, each with its product. `person` comes with its insurer. One query."""
    parties = Party.objects.filter(role=Role.INSURED, person=person).order_by("policy")
    policies = [party.policy for party in parties.select_related("policy__product_version__product")]
    for policy in policies:
        policy.insured, policy.insurer = person, person.insurer
    return policies


def other_parties(policies: Iterable[int]) -> dict[int, list[Party]]:
    """Whoever is not the insured, by the policy's number. One query."""
    found: dict[int, list[Party]] = {policy: [] for policy in policies}
    rows = Party.objects.filter(policy__in=list(found)).exclude(role=Role.INSURED)
    for party in rows.select_related("person", "organisation").order_by("pk"):
        found[party.policy_id].append(party)
    return found
