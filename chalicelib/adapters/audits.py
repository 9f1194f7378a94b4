"""Where audits stand in the table's indexes: all of them, those of a stage, the findings somebody is to correct, and
those on a clause; and the nonce of each, kept apart until its sample is drawn.

What is found by an index may be there a moment later than what it is made of.
"""

from collections.abc import Iterator

from chalicelib.domain.audit.audit import PREFIX, Audit, Stage
from chalicelib.domain.ground.instants import written
from chalicelib.settings import settings

from . import listings
from .items import Head, Item, Task, record_key, record_of
from .listings import Place
from .store import ABSENT, get_all, query

NONCE = "NONCE"


def head_of(state: Audit) -> Head:
    return Head(
        record=state.audit_id,
        seq=state.seq,
        state=state.model_dump_json(exclude_none=True),
        summary="{}",
        places={"queue": _queue(None)},
        due=_place(state.audit_id),
    )


def tasks_of(state: Audit) -> list[Task]:
    """Its line among those of its stage, its findings, their measures, and who is heard about them."""
    dropped = {one.number for one in state.findings if one.state == "dropped"}
    measures = [one for one in state.measures if one.finding not in dropped]
    return [
        Task(name="stage", queue=_queue(state.stage), due=_place(state.audit_id), summary="{}"),
        *_findings(state),
        *listings.measures(state.audit_id, measures),
        *listings.hearings(state.audit_id, state.hearings),
    ]


def _findings(state: Audit) -> Iterator[Task]:
    """Each among those on its clause, for good; and until it is corrected in the queue of its owner."""
    for one in state.findings:
        if one.state == "dropped":
            continue
        which = f"{state.audit_id}#{one.number:03}"
        raised, due = written(one.raised_at), written(one.due_at) if one.due_at else "9999"
        yield Task(name=f"clause {one.number}", queue=_on(one.clause), due=f"{raised}#{which}", summary="{}")
        if one.is_open:
            yield Task(name=f"finding {one.number}", queue=_of(one.owner), due=f"{due}#{which}", summary="{}")


# ---- lists: one round trip a page ------------------------------------------------------------------------------------


def listed(stage: Stage | None, before: str, limit: int) -> list[Place]:
    """The newest first, from the one that stands `before` another on."""
    return listings.newest(_queue(stage), before, limit)


def of_period(period: str) -> list[str]:
    """The names of the audits of a quarter: "2026Q4"."""
    found = query(
        IndexName="queue",
        KeyConditionExpression="queue_pk = :pk AND begins_with(due_sk, :period)",
        ExpressionAttributeValues={":pk": {"S": _queue(None)}, ":period": {"S": f"{period}#"}},
    )
    return [record_of(item) for item in found]


def findings_of(owner: str, after: str, limit: int) -> list[Place]:
    """What somebody is to correct, soonest due first."""
    return listings.soonest(_of(owner), after, limit)


def findings_on(clause: str, since: str, limit: int) -> list[Place]:
    """What was found on a clause since a moment as it is written, the oldest first; not what was dropped."""
    return listings.soonest(_on(clause), since, limit)


def next_name(period: str) -> str:
    """Of the next audit of a quarter; one that is then not drafted leaves a gap."""
    return f"{PREFIX}_{period}-{listings.next_number(f'audits {period}')}"


def _queue(stage: str | None) -> str:
    return f"audits#{stage}" if stage else "audits"


def _of(owner: str) -> str:
    return f"findings#of#{owner}"


def _on(clause: str) -> str:
    return f"findings#on#{clause}"


def _place(name: str) -> str:
    period, _, number = name.removeprefix(f"{PREFIX}_").partition("-")
    return f"{period}#{int(number):05}"


# ---- the nonce -------------------------------------------------------------------------------------------------------


def keeping(name: str, nonce: str) -> Item:
    """The nonce of a new audit is kept, as a transaction writes it."""
    item = record_key(name, NONCE) | {"nonce": {"S": nonce}}
    return {"Put": {"TableName": settings().table, "Item": item, **ABSENT}}


def giving_up(name: str) -> Item:
    """It is kept no more: the sample says it, or there will be none."""
    return {"Delete": {"TableName": settings().table, "Key": record_key(name, NONCE)}}


def nonce_of(name: str) -> str | None:
    """One round trip."""
    return next((str(item["nonce"]["S"]) for item in get_all([record_key(name, NONCE)])), None)
