"""Who an account or a token may stand for, by the tenant's own files."""

import pytest

from shared.application.identity.membership import caller_for
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.all_tenants import Tenants
from shared.platform.settings import Settings
from shared.wording.codes import split_message


@pytest.fixture(scope="module")
def tenants() -> Tenants:
    """The tenants as they ship."""
    return Tenants(Settings.from_environment({}).tenants_dir)


def test_who_a_tenant_has(tenants: Tenants) -> None:
    """A role of the agency comes with its agency, a role of the government without."""
    agency = tenants.get("cilacap").agencies[0].id

    assert [
        Caller(tenant="cilacap", actor="operator", agency=agency, user="siti"),
        Caller(tenant="cilacap", actor="coordinator", user="budi"),
    ] == [
        caller_for(tenants, "cilacap", "operator", agency, "siti"),
        caller_for(tenants, "cilacap", "coordinator", None, "budi"),
    ]


@pytest.mark.parametrize(
    ("tenant", "actor", "agency", "fields"),
    [
        ("atlantis", "operator", None, {"tenant": ["unknown_tenant"]}),
        ("cilacap", "mayor", None, {"actor": ["unknown_actor"]}),
        ("cilacap", "reporter", None, {"actor": ["unknown_actor"]}),
        ("cilacap", "system", None, {"actor": ["unknown_actor"]}),
        ("cilacap", "operator", None, {"agency": ["agency_needed"]}),
        ("cilacap", "operator", "atlantis", {"agency": ["unknown_agency"]}),
        ("cilacap", "coordinator", "atlantis", {"agency": ["agency_not_for_actor"]}),
    ],
)
def test_whom_a_tenant_has_not(
    tenants: Tenants, tenant: str, actor: str, agency: str | None, fields: dict[str, list[str]]
) -> None:
    """What does not fit the tenant's files is refused by field: a token for nobody would be found out too late."""
    with pytest.raises(Invalid) as caught:
        caller_for(tenants, tenant, actor, agency, "siti")

    assert fields == {name: [split_message(each)[0] for each in said] for name, said in caught.value.fields.items()}
