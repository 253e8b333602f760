"""What administrators have edited in the browser, checked as files are."""

from collections.abc import Iterator, Mapping, Sequence

from cli.doctoring.line import Diagnosis, failed, well
from shared.application.calendar_drafts import drafts
from shared.application.letter_words import texts_counting
from shared.application.runtime import Runtime
from shared.domain.sop.checking.finding import ERROR, Finding
from shared.domain.sop.reading.versions import approved_name
from shared.domain.tenants import Tenant
from shared.domain.whatif.standing import check_standing


def edited_lines(runtime: Runtime) -> Iterator[Diagnosis]:
    """A line for each government whose letters, calendar or procedure were edited; none of any other."""
    for tenant in runtime.tenants.ids():
        home, texts = runtime.tenants.get(tenant), texts_counting(runtime.database, tenant)
        findings = check_standing(home, texts) if texts or home.approved else ()
        errors = [each for each in findings if each.severity == ERROR]
        if texts:
            yield _letters_line(tenant, texts, errors)
        approved = [each for each in drafts(runtime.database, tenant) if each.counts_from is not None]
        if approved:
            version = home.calendar.as_known(runtime.clock.now()).version
            told = f"{len(approved)} decrees from the browser count; the calendar is {version}"
            yield well(f"tenants.{tenant}.calendar", told)
        if home.approved:
            yield _procedure_line(home, errors)


def _letters_line(tenant: str, texts: Mapping[str, str], errors: Sequence[Finding]) -> Diagnosis:
    """Of a government whose letters were edited."""
    check = f"tenants.{tenant}.letters"
    own = [each for each in errors if each.file in texts]
    if own:
        told = f"{len(own)} errors in letters' texts edited in the browser; the first: {own[0]}"
        return failed(check, told, f"edit it again at /{tenant}/kelola/surat, or let its file count")
    return well(check, f"no error in {len(texts)} letters' texts edited in the browser")


def _procedure_line(tenant: Tenant, errors: Sequence[Finding]) -> Diagnosis:
    """Of a government that has approved versions of its procedure in the browser."""
    check = f"tenants.{tenant.id}.procedure"
    named = {approved_name(tenant.id, each.version) for each in tenant.approved}
    own = [each for each in errors if each.file in named or each.code == "version_twice"]
    if own:
        remedy = f"aduan sop check {tenant.id} --data DIR shows all"
        return failed(check, f"{len(own)} errors in the procedure; the first: {own[0]}", remedy)
    versions = ", ".join(str(each.version) for each in tenant.approved)
    told = f"version {tenant.sop.version} is in force; approved in the browser: {versions}; in sop.yaml: "
    return well(check, f"{told}{tenant.version_in_file}")
