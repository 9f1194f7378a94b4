"""Who reads what of an audit (6.3): audit, management and who owns a finding all of it; others of staff its face
without names, from its publication on, and before that whoever has something to do with it.
"""

from chalicelib.domain.audit import guards
from chalicelib.domain.audit.audit import Audit, Finding, Item, Stage
from chalicelib.domain.complaint import hearings
from chalicelib.domain.complaint.hearings import Hearing
from chalicelib.domain.ground.errors import Forbidden
from chalicelib.domain.ground.people import Actor, Role

ALL_OF_IT = guards.ALL_OF_IT
_COMMENTED_ON = frozenset({Stage.DRAFT_REPORT, Stage.COMMENTED})
_PUBLISHED = frozenset({Stage.PUBLISHED, Stage.CLOSED})
FINDINGS_OF_OTHERS = frozenset({Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})
"""Who sees what others are to correct."""
NAMING = frozenset({"items", "owner", "by", "evidence", "done_by", "verified_by", "verification", "waiver"})
"""What of a finding may name somebody."""


def reads_names(state: Audit, actor: Actor) -> bool:
    """All of it: who is audited, who examined what, the complaints."""
    owns = any(actor.id == one.owner for one in state.findings if one.state != "dropped")
    return actor.kind == "staff" and (owns or bool(actor.roles & ALL_OF_IT))


def reads(state: Audit, actor: Actor) -> bool:
    """At least its face."""
    if actor.kind != "staff":
        return False
    return (
        reads_names(state, actor) or state.stage in _PUBLISHED or _comments(state, actor) or _takes_part(state, actor)
    )


def reads_item(item: Item, actor: Actor) -> bool:
    """One of its items, though it may not be theirs to know who else examines what."""
    return bool(actor.roles & ALL_OF_IT) or actor.id in (item.auditor, item.examined_by)


def require_findings_of(owner: str, actor: Actor) -> None:
    """Everybody sees their own. Raises Forbidden."""
    if owner != actor.id and not actor.roles & FINDINGS_OF_OTHERS:
        raise Forbidden("role_not_open", roles=sorted(FINDINGS_OF_OTHERS))


def face_of(finding: Finding, state: Audit, actor: Actor) -> Finding:
    """A finding as somebody may read it: to whoever reads no names all is None in it that may hold one."""
    return finding if reads_names(state, actor) else finding.model_copy(update=dict.fromkeys(NAMING))


def reads_hearing(hearing: Hearing | None, actor: Actor) -> bool:
    """Four do, and nobody else (8.3): the person, supervisors, management, audit."""
    return hearing is not None and hearings.may_be_read(hearing.person, actor)


def is_about(state: Audit, actor: Actor) -> bool:
    """Whether it is about somebody's work: the audited departments, and supervisors."""
    return bool(actor.roles & {Role.SUPERVISOR, *(Role(one) for one in state.scope.departments)})


def _comments(state: Audit, actor: Actor) -> bool:
    """What is open to comments is read by those whom it is about."""
    return state.stage in _COMMENTED_ON and is_about(state, actor)


def _takes_part(state: Audit, actor: Actor) -> bool:
    """Supervisors have a part in whatever is to be corrected: they can give it to another."""
    people = [one.person for one in state.hearings] + [one.owner for one in state.measures]
    people += [name for one in state.items for name in (one.auditor, one.examined_by) if name]
    return actor.id in people or (Role.SUPERVISOR in actor.roles and any(one.is_open for one in state.findings))
