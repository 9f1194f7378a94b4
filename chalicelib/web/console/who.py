"""Who works here, to choose from on a form."""

from datetime import datetime

from chalicelib.casework.colleagues import to_choose_from
from chalicelib.domain.ground.people import Role

from .forms import Options

EVERYBODY = (
    *(Role.CUSTOMER_SERVICE, Role.QUALITY, Role.LOGISTICS, Role.LEGAL),
    *(Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT),
)


def who(now: datetime, *groups: Role) -> Options:
    """Those of some groups, of all if none is named, each once and by name; none, if the user pool does not answer."""
    found = {one.name: one.called for group in groups or EVERYBODY for one in to_choose_from(group, now)}
    return [(name, f"{called} ({name})" if called else name) for name, called in sorted(found.items())]
