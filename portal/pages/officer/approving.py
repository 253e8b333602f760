"""Drafted by one administrator, approved by another: what the pages of such drafts have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic

from flask import Response, request, url_for

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, Reason, deed_of, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page
from portal.pages.officer.what_if import replayed
from portal.parts import parts
from shared.application.drafts import Drafted, DraftToApprove
from shared.base.clock import Clock
from shared.base.errors import Conflict, Invalid
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database
from shared.wording.coded_schema import load_coded

_MONTHS: Final = 3
_APPROVE: Final = "setujui"
_DEEDS: Final = (_APPROVE, "batal")


@dataclass(frozen=True)
class Deciding(Generic[Drafted]):
    """How a kind of drafts is decided on.

    :param of: one of them, by its government and its number.
    :param require: asked before one is approved: raises unless what was looked at is what is approved.
    :param show: its page: the draft, the form as it was sent, the status, and what was amiss.
    :param back: the page that a decision leads to, and that says it.
    """

    of: Callable[[Database, str, int], Drafted]
    approve: Callable[[Database, Drafted, str, str, Clock, int], None]
    let_go: Callable[[Database, Drafted, str, str, Clock], None]
    require: Callable[[Tenant, Drafted], None]
    show: Callable[[Tenant, Drafted, Filled, int, str | None], Response]
    back: str

    def decide(self, tenant: str, number: int) -> Response:
        """Approve a draft, or let it go; whoever drafted it may only take it back.

        :raises NotFound: if there is none of that number, or what is asked for is none of the page's own.
        """
        runtime = parts().runtime
        home, found = parts().home(tenant), self.of(runtime.database, tenant, number)
        given, approved = typed(("why",)), deed_of(_DEEDS) == _APPROVE
        try:
            why = load_coded(Reason(), {"why": given.value("why")})["why"]
            found.require_undecided()
            if approved:
                self.require(home, found)
                self.approve(runtime.database, found, caller().user, why, runtime.clock, version_given("seen"))
            else:
                self.let_go(runtime.database, found, caller().user, why, runtime.clock)
        except Invalid as error:
            faults = faults_of(error)
            banner = None if "why" in faults else "; ".join(faults.values())
            kept = given.with_faults({name: told for name, told in faults.items() if name == "why"})
            return self.show(home, found, kept, 422, banner)
        except Conflict as error:
            again = self.of(runtime.database, tenant, number)
            return self.show(parts().home(tenant), again, given, 409, sentence_of(error))
        said = "disetujui" if approved else "batal"
        return Response(status=303, headers={"Location": url_for(self.back, kabar=said)})


def draft_words(found: DraftToApprove, home: Tenant) -> dict[str, Any]:
    """Who drafted something when and why, and what was decided on it."""
    now, decided_at = now_at(home), found.decided_at
    return {
        "number": found.number,
        "when": saying.moment(found.drafted_at.astimezone(home.zone), now),
        "by": found.account,
        "why": found.why,
        "open": decided_at is None,
        "approved": found.counts_from is not None,
        "decided": saying.moment(decided_at.astimezone(home.zone), now) if decided_at is not None else None,
        "decided_by": found.decided_by,
        "decided_why": found.decided_why,
    }


def saved(endpoint: str, number: int) -> Response:
    """To the page of a draft that was just kept.

    :param endpoint: of that page.
    """
    return Response(status=303, headers={"Location": url_for(endpoint, number=number, kabar="disimpan")})


def tried(home: Tenant, **draft: Any) -> dict[str, Any] | None:
    """The last months under a draft, if its page was asked for that.

    :param draft: see :func:`portal.pages.officer.what_if.replayed`.
    """
    if request.method != "GET" or not asked.choice("riwayat", ("ya",)):
        return None
    return replayed(home, _MONTHS, **draft)


def draft_page(
    template: str,
    found: DraftToApprove,
    given: Filled | None,
    status: int,
    banner: str | None,
    **told: Any,
) -> Response:
    """The page of one draft, with the form to decide on it.

    :param template: extends ``officer/draft.html``.
    :param told: what it tells of this kind of drafts.
    """
    return page(
        template,
        status,
        desk=True,
        form=given or Filled(),
        own=found.account == caller().user,
        labels={"why": _("Sebab")},
        banner=banner,
        done=asked.done({"disimpan": _("Usulan tersimpan. Pengelola lain yang menyetujuinya.")}),
        scripts=("filing.js",),
        **told,
    )
