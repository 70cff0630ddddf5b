"""One person's page at the operator's desk, one module a section: each asks for all of the person's policies or accounts
at once, so the page costs the same for one policy and for eight."""

from activation.queries.desk.accounts import AccountFile
from activation.queries.desk.page import PersonPage, person_page
from activation.queries.desk.policies import PolicyFile

__all__ = ["AccountFile", "PersonPage", "PolicyFile", "person_page"]
