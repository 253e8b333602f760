"""What open dossiers need of the governments' files and do not find there, in sentences."""

from cli.doors import OPERATOR, ask
from shared.application.runtime import Runtime

_WORDS = {
    "government": ("the government {id}", "put its folder back"),
    "sop_version": ("version {id} of the procedure", "put that file back as it was when they were filed"),
    "step": ("the step {id}", "put it back, or give the changed procedure a higher version and keep the older file"),
    "actor": ("the role {id}", "put it back, or give the changed procedure a higher version and keep the older file"),
    "agency": ("the agency {id}", "put it back until they have ended; it need take no more categories"),
}


def lost_names(runtime: Runtime) -> list[str]:
    """One sentence for each name, with the file and what to do."""
    return [
        f"{each['file']}: {_WORDS[each['what']][0].format(id=each['id'])} is gone, and {each['dossiers']} open "
        f"dossier{'s need' if each['dossiers'] != 1 else ' needs'} it; {_WORDS[each['what']][1]}"
        for each in ask(runtime, "reporting", "lost", caller=OPERATOR)
    ]
