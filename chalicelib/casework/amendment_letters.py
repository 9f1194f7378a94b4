"""Who is told of what becomes of an amendment, and the words for it (8.1)."""

from collections.abc import Mapping

from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.ground.record import EVENTS
from chalicelib.domain.telling.kinds import NoticeKind
from chalicelib.domain.telling.notices import NOBODY_IS_TOLD, Tells

from .records import Telling

KINDS: Mapping[str, NoticeKind] = {}
TELLS: Tells = {kind: NOBODY_IS_TOLD for kind in EVENTS.values() if kind.__module__ == governance.__name__}
TELLING = Telling(
    tells=TELLS,
    kinds=KINDS,
    outdated=lambda entry, state, kind: False,
    posts=lambda matter, now: None,
    unreached=lambda notice, channel, now: None,
    reached=lambda notice, now: None,
)
