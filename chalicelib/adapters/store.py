"""Reading and writing one record: one round trip to read it, one transaction to write it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Stale, Unavailable
from chalicelib.domain.ground.instants import written
from chalicelib.domain.ground.people import NOBODY, Contact
from chalicelib.domain.ground.record import State
from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.settings import settings

from . import items, outbox
from .apart import join, marked
from .aws import client
from .items import CONTACT, ENTRY, HEAD, NOTICE, Head, Idempotency, Item, Task
from .outbox import Notice

S = TypeVar("S", bound=State)
BEGINNING = 250  # items
END = 400  # items, notices among them
KEYS_AT_ONCE = 100  # the most that DynamoDB takes
AT_ONCE = 50  # parts of a record that are read in one round trip: DynamoDB gives 16 MB, a part has 400 KB at most


class Case(NamedTuple, Generic[S]):
    """A record with the contact details, if it has any, and its entries if they were asked for.

    `cut`: there are more entries than these, which are the first, or the last.
    """

    state: S
    contact: Contact
    entries: list[Entry]
    cut: bool = False


class Matter(NamedTuple, Generic[S]):
    """A notice with what is needed to tell somebody of it: the record as it is now, and the entry it is about."""

    notice: Notice
    state: S
    contact: Contact
    entry: Entry


Condition = tuple[Item, str, Item]
"""What must hold of another record: its key, an expression, the values in it."""


class Beside(NamedTuple):
    """What is written with a record, or must hold when it is: tasks of before and after, new items, conditions.

    `more`: other writes, as a transaction takes them.
    """

    tasks: tuple[Sequence[Task], Sequence[Task]] = ((), ())
    contact: Contact | None = None
    more: Sequence[Item] = ()
    conditions: Sequence[Condition] = ()
    idempotency: Idempotency | None = None


# ---- writing ---------------------------------------------------------------------------------------------------------

ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}


def write(
    head: Head,
    entries: Sequence[Entry],
    now: datetime,
    *,
    seen: int,
    rings_at: datetime | None = None,
    beside: Beside = Beside(),  # noqa: B008 — never changed
    kept_apart: Set[str] = frozenset(),
) -> frozenset[str]:
    """A record's head and new entries and what goes beside, all in one transaction, or nothing. `seen`: the number of
    the entry that they follow on, 0 for a new record. `kept_apart`: what is known to be there of what is too long for
    the head; what is now.

    Raises Stale if anybody else wrote any of it since or a condition does not hold, TooLarge if the record no longer
    fits an item of the table.
    """
    item, parts = items.head_items(head, rings_at, kept_apart)
    seen_still = {"ConditionExpression": "seq = :seen", "ExpressionAttributeValues": {":seen": {"N": str(seen)}}}
    writes = [_put(item, **(seen_still if seen else ABSENT)), *map(_put, parts)]
    writes += [_put(items.entry_item(entry), **ABSENT) for entry in entries]
    writes += _changed(*(items.task_items(head.record, tasks) for tasks in beside.tasks))
    if beside.contact:
        writes.append(_put(items.contact_item(head.record, beside.contact), **ABSENT))
    writes += beside.more
    if beside.idempotency:
        first, last = entries[0], entries[-1]
        writes.append(once(beside.idempotency, first.record, first.seq, last.seq, now))
    writes += [_condition(*condition) for condition in beside.conditions]
    transact(writes)
    return frozenset(kept_apart) | {items.digest_of(part) for part in parts}


def transact(writes: list[Item]) -> None:
    """All of it or nothing. Raises Stale if a condition does not hold, or somebody else is writing one of the items."""
    dynamodb = client("dynamodb")
    try:
        dynamodb.transact_write_items(TransactItems=writes)
    except dynamodb.exceptions.TransactionCanceledException as cancelled:
        codes = {reason.get("Code") for reason in cancelled.response["CancellationReasons"]}
        if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
            raise Stale("changed_meanwhile") from cancelled
        raise


def _changed(before: list[Item], after: list[Item]) -> list[Item]:
    """What the queues of departments gain, change and lose."""
    gone = {item["sk"]["S"]: item for item in before if item["sk"] not in [one["sk"] for one in after]}
    return [_put(item) for item in after if item not in before] + [
        {"Delete": {"TableName": settings().table, "Key": {name: item[name] for name in ("pk", "sk")}}}
        for item in gone.values()
    ]


def once(idempotency: Idempotency, record: str, first: int, last: int, now: datetime) -> Item:
    """What is written with that which a request leads to: whose entries answer it, from which to which."""
    return _put(
        items.idempotency_item(idempotency._replace(record=record, first_seq=first, last_seq=last)),
        ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now",
        ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}},
    )


def _condition(key: Item, expression: str, values: Item) -> Item:
    asked = {"Key": key, "ConditionExpression": expression, "ExpressionAttributeValues": values}
    return {"ConditionCheck": {"TableName": settings().table, **asked}}


def _put(item: Item, **condition: Any) -> Item:
    return {"Put": {"TableName": settings().table, "Item": item, **condition}}


# ---- reading one record ----------------------------------------------------------------------------------------------


def load(record: str, state: type[S]) -> Case[S] | None:
    """The record as it is now, read as `state`, without its entries, or None if there is none: one round trip, and
    another where what is long is kept apart."""
    found = {item["sk"]["S"]: item for item in get_all([items.record_key(record, key) for key in (HEAD, CONTACT)])}
    return Case(_state(found[HEAD], state), _contact(found.get(CONTACT)), []) if HEAD in found else None


def load_all(records: Sequence[str], state: type[S]) -> dict[str, S]:
    """The states of records by name, of those that are there: one round trip for each hundred, as a rule."""
    return {name: found for name, found in load_each(dict.fromkeys(records, state)).items() if isinstance(found, state)}


def load_each(records: Mapping[str, type[State]]) -> dict[str, State]:
    """The same of records of several kinds."""
    found = get_all([items.record_key(record, HEAD) for record in records])
    return {items.record_of(head): _state(head, records[items.record_of(head)]) for head in found}


def head(record: str) -> str | None:
    """The state in a record's head, as it is written there, without what is kept apart: one round trip, whatever there
    is."""
    found = get_all([items.record_key(record, HEAD)])
    return str(found[0]["head"]["S"]) if found else None


def contacts(records: Sequence[str]) -> dict[str, Contact]:
    """The contact details of records, a hundred at most, NOBODY's where there are none: one round trip as a rule."""
    wanted = list(dict.fromkeys(records))
    found = get_all([items.record_key(record, CONTACT) for record in wanted]) if wanted else []
    return dict.fromkeys(wanted, NOBODY) | {items.record_of(item): items.as_contact(item) for item in found}


def load_with_entries(record: str, state: type[S]) -> Case[S] | None:
    """The same with all entries: one round trip (per megabyte), and another where what is long is kept apart."""
    return _case(list(query(**_with_entries(record))), state)


def load_with_notices(record: str, state: type[S]) -> tuple[Case[S], list[Notice]] | None:
    """The same, and the notices about it, oldest first: one round trip (per megabyte) for all of it."""
    asked = _with_entries(record)
    asked["ExpressionAttributeValues"][":last"] = {"S": NOTICE + "~"}
    found = list(query(**asked))
    notices = [one for one in found if one["sk"]["S"].startswith(NOTICE)]
    case = _case([one for one in found if not one["sk"]["S"].startswith(NOTICE)], state)
    return (case, [outbox.as_notice(one) for one in notices]) if case else None


def load_beginning(record: str, state: type[S]) -> Case[S] | None:
    """The same with its first entries, `BEGINNING` at most: one round trip, two where there are more."""
    answer = client("dynamodb").query(TableName=settings().table, Limit=BEGINNING, **_with_entries(record))
    if "LastEvaluatedKey" not in answer:
        return _case(answer["Items"], state)
    entries = [item for item in answer["Items"] if "entry" in item]
    ends = get_all([items.record_key(record, key) for key in (HEAD, CONTACT)])
    case = _case([*entries, *ends], state)
    return case and case._replace(cut=True)


def load_end(record: str, state: type[S], before: int | None = None) -> Case[S] | None:
    """The same with its last entries, `BEGINNING` at most: one round trip, however many there are.

    `before`: the last ones before an entry, in two.
    """
    asked = _with_entries(record)
    if before is not None:
        asked["ExpressionAttributeValues"][":last"] = items.entry_key(record, before - 1)["sk"]
    answer = client("dynamodb").query(TableName=settings().table, Limit=BEGINNING, ScanIndexForward=False, **asked)
    head = get_all([items.record_key(record, HEAD)]) if before is not None else []
    case = _case([*answer["Items"][::-1], *head], state)
    return case and case._replace(cut=bool(case.entries) and case.entries[0].seq > 1)


def load_end_with_notices(
    record: str, state: type[S], before: int | None = None
) -> tuple[Case[S], list[Notice]] | None:
    """The same, and the notices about it, oldest first, or the last of them: one round trip, two where there are more
    than `END` of both. Contact details are always there.

    `before`: the last entries before one, in two, without the notices.
    """
    asked = _with_entries(record)
    last = {"S": NOTICE + "~"} if before is None else items.entry_key(record, before - 1)["sk"]
    asked["ExpressionAttributeValues"][":last"] = last
    answer = client("dynamodb").query(TableName=settings().table, Limit=END, ScanIndexForward=False, **asked)
    found = {item["sk"]["S"]: item for item in answer["Items"][::-1]}
    if not {HEAD, CONTACT} <= set(found):
        ends = get_all([items.record_key(record, key) for key in (HEAD, CONTACT)])
        found |= {item["sk"]["S"]: item for item in ends}
    told = [outbox.as_notice(item) for key, item in found.items() if key.startswith(NOTICE)]
    case = _case([item for key, item in found.items() if not key.startswith(NOTICE)], state)
    if case is None:
        return None
    first = case.entries[0].seq if case.entries else case.state.seq + 1 if before is None else before
    return case._replace(cut=first > 1), told


def _with_entries(record: str) -> Item:
    return {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": items.record_key(record, HEAD)["pk"],
            ":first": {"S": CONTACT},
            ":last": {"S": HEAD},
        },
        "ConsistentRead": True,
    }


def _case(found: list[Item], state: type[S]) -> Case[S] | None:
    entries = [items.as_entry(item) for item in found if "entry" in item]
    ends = {item["sk"]["S"]: item for item in found if "entry" not in item}
    return Case(_state(ends[HEAD], state), _contact(ends.get(CONTACT)), entries) if HEAD in ends else None


def _state(head: Item, state: type[S]) -> S:
    """The state in a head, with what is kept apart from it. Raises Unavailable where that is not there: its words have
    just been erased, or it is lost."""
    known = marked(head["head"]["S"])
    if not known:
        return state.model_validate_json(head["head"]["S"])
    record, parts = items.record_of(head), list(known)
    try:
        whole = join(head["head"]["S"], _parts(record, parts))
    except KeyError:
        raise Unavailable("record_incomplete") from None
    return state.model_validate_json(whole).model_copy(update={"kept_apart": known})


def _parts(record: str, digests: Sequence[str]) -> dict[str, str]:
    found: list[Item] = []
    for begin in range(0, len(digests), AT_ONCE):
        found += get_all([items.part_key(record, digest) for digest in digests[begin : begin + AT_ONCE]])
    return {items.digest_of(part): part["part"]["S"] for part in found}


def _contact(item: Item | None) -> Contact:
    return items.as_contact(item) if item else NOBODY


def matter(notice: NoticeKey, state: type[S]) -> Matter[S] | None:
    """A notice of a record with what it is about, or None if any of it is not there: one round trip."""
    head, entry, told = (
        items.record_key(notice.record, HEAD),
        items.entry_key(notice.record, notice.entry),
        outbox.item_key(notice),
    )
    found = {item["sk"]["S"]: item for item in get_all([head, entry, told, items.record_key(notice.record, CONTACT)])}
    if not {key["sk"]["S"] for key in (head, entry, told)} <= set(found):
        return None
    read, about, it = (found[key["sk"]["S"]] for key in (head, entry, told))
    contact = _contact(found.get(CONTACT))
    return Matter(outbox.as_notice(it), _state(read, state), contact, items.as_entry(about))


def notices(record: str, after: str = NOTICE, limit: int | None = None) -> list[Notice]:
    """Notices of a record, oldest first: one round trip (per megabyte).

    `after`: only those whose sort key comes after it; `limit`: so many at most, otherwise all.
    """
    asked: Item = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": items.record_key(record, HEAD)["pk"],
            ":first": {"S": after + " "},
            ":last": {"S": NOTICE + "~"},
        },
        "ConsistentRead": True,
    }
    if limit:
        asked["Limit"] = limit
    return [outbox.as_notice(item) for item in islice(query(**asked), limit)]


def newest_notices(record: str, sent_since: datetime | None = None) -> Iterator[Notice]:
    """The notices of a record, the newest first: one round trip (per megabyte), as they are asked for.

    `sent_since`: only those that went out to somebody by mail or by text since then, whenever they were queued.
    """
    key = items.record_key(record, NOTICE)
    asked: Item = {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :notice)",
        "ExpressionAttributeValues": {":pk": key["pk"], ":notice": key["sk"]},
        "ConsistentRead": True,
        "ScanIndexForward": False,
    }
    if sent_since:
        asked["FilterExpression"] = "email_sent_at >= :since OR sms_sent_at >= :since"
        asked["ExpressionAttributeValues"][":since"] = {"S": written(sent_since)}
    return map(outbox.as_notice, query(**asked))


def first_held_back(record: str, day: str, seq: int) -> int:
    """The number of the entry whose notice was the first to be held back on a day: `seq`, unless another was before."""
    answer = client("dynamodb").update_item(
        TableName=settings().table,
        Key=items.full_day_key(record, day),
        UpdateExpression="SET seq = if_not_exists(seq, :seq)",
        ExpressionAttributeValues={":seq": {"N": str(seq)}},
        ReturnValues="ALL_NEW",
    )
    return int(answer["Attributes"]["seq"]["N"])


def place_alarm(record: str, seq: int, moment: datetime) -> None:
    """The next alarm of a record comes at another moment. Where it has been saved since `seq`: nothing."""
    keys = items.alarm_keys(record, moment)
    values = {":shard": keys["alarm_pk"], ":place": keys["alarm_sk"], ":seen": {"N": str(seq)}}
    moved = "SET alarm_pk = :shard, alarm_sk = :place"
    _update_if("seq = :seen AND alarm_sk <> :place", items.record_key(record, HEAD), moved, values)


def refuse_email(record: str, edition: str) -> None:
    """The consumer's address is not to be written to again, which is that of the contact of an edition.

    Where it was corrected since, or erased: nothing.
    """
    values = {":true": {"BOOL": True}, ":edition": {"N": edition}}
    key, refused = items.record_key(record, CONTACT), "SET email_unusable = :true"
    _update_if("edition = :edition", key, refused, values)


def _update_if(condition: str, key: Item, expression: str, values: Item) -> None:
    """Where the condition does not hold: nothing."""
    dynamodb = client("dynamodb")
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.update_item(
            TableName=settings().table,
            Key=key,
            UpdateExpression=expression,
            ConditionExpression=condition,
            ExpressionAttributeValues=values,
        )


def load_idempotency(key: str) -> Idempotency | None:
    """What was kept of a request, or None if nothing was."""
    return next((items.as_idempotency(item, key) for item in get_all([items.idempotency_key(key)])), None)


def get_all(keys: Sequence[Item], attempts: int = 3) -> list[Item]:
    """Consistent reads, one round trip for each `KEYS_AT_ONCE`."""
    parts = (keys[begin : begin + KEYS_AT_ONCE] for begin in range(0, len(keys), KEYS_AT_ONCE))
    return [item for part in parts for item in _get(part, attempts)]


def _get(keys: Sequence[Item], attempts: int) -> Iterator[Item]:
    """DynamoDB may leave keys unprocessed under load, which are asked for again."""
    table = settings().table
    wanted: Any = {table: {"Keys": keys, "ConsistentRead": True}}
    for _ in range(attempts):
        answer = client("dynamodb").batch_get_item(RequestItems=wanted)
        yield from answer["Responses"].get(table, [])
        wanted = answer.get("UnprocessedKeys")
        if not wanted:
            return
    raise Unavailable("table_overloaded")


def timeline(record: str, after: int, limit: int) -> Iterator[Entry]:
    """The events after the one numbered `after`, oldest first, fetched by `limit` as they are asked for."""
    asked: Item = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": items.record_key(record, HEAD)["pk"],
            ":first": items.entry_key(record, after + 1)["sk"],
            ":last": {"S": ENTRY + "~"},
        },
        "ConsistentRead": True,
        "Limit": limit,
    }
    return map(items.as_entry, query(**asked))


def entries(record: str, numbers: Sequence[int]) -> dict[int, Entry]:
    """Entries of a record by their numbers, a hundred at most: one round trip as a rule."""
    wanted = [items.entry_key(record, number) for number in dict.fromkeys(numbers)]
    found = map(items.as_entry, get_all(wanted)) if wanted else ()
    return {entry.seq: entry for entry in found}


def query(**asked: Any) -> Iterator[Item]:
    """The items of a query, fetched page by page as they are asked for."""
    while True:
        answer = client("dynamodb").query(TableName=settings().table, **asked)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def mark(name: str) -> str | None:
    """What was last noted under a name about the house as a whole."""
    answer = client("dynamodb").get_item(TableName=settings().table, Key=items.house_key(name), ConsistentRead=True)
    return str(answer["Item"]["mark"]["S"]) if "Item" in answer else None


def marks(names: Iterable[str]) -> dict[str, str]:
    """The same under many names, a hundred at most, of those under which anything was: one round trip as a rule."""
    keys = {name: items.house_key(name) for name in names}
    found = get_all(list(keys.values())) if keys else []
    return {name: str(one["mark"]["S"]) for name, key in keys.items() for one in found if key.items() <= one.items()}


def set_mark(name: str, value: str) -> None:
    client("dynamodb").put_item(TableName=settings().table, Item=items.house_key(name) | {"mark": {"S": value}})


def reachable() -> bool:
    """Whether the table answers: one read of an item that is never there."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client("dynamodb").get_item(TableName=settings().table, Key=items.record_key("-", HEAD))
    except (BotoCoreError, ClientError):
        return False
    return True
