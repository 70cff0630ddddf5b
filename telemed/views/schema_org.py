"""What search engines read of a page in the words of schema.org. Facts that stand on the page, and no others."""

from collections.abc import Callable
from typing import Any

from core.languages import in_language
from telemed.models import Doctor, MedicalOrganisation

Absolute = Callable[[str], str]  # an address of ours → with scheme and host


def physician(doctor: Doctor, absolute: Absolute) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Physician",
        "name": doctor.full_name,
        "url": absolute(doctor.get_absolute_url()),
        "medicalSpecialty": str(doctor.get_speciality_display()),
        "description": in_language(doctor.qualification),
        "knowsLanguage": doctor.languages,
        "telephone": doctor.organisation.phone,
        "parentOrganization": _named(doctor.organisation, absolute),
    }


def clinic(organisation: MedicalOrganisation, absolute: Absolute) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        **_named(organisation, absolute),
        "telephone": organisation.phone,
        "address": in_language(organisation.addresses),
        "description": in_language(organisation.about),
        "identifier": organisation.licence,
    }


def _named(organisation: MedicalOrganisation, absolute: Absolute) -> dict[str, Any]:
    return {"@type": "MedicalClinic", "name": organisation.name, "url": absolute(organisation.get_absolute_url())}
