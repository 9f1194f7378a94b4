"""The local tables answer as moto's do, and as AWS does where moto differs; and they stay fast."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from infra.aws import REGION, haste
from infra.aws.tables import indexed_tables, install
from infra.local.stack import build_stack
from infra.resources import load_resources

from .effort import effort

SCHEMA = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in (("pk", "S"), ("sk", "S"), ("g", "S"), ("n", "N"))
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_n",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["v"]},
        },
        {
            "IndexName": "by_g",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        },
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


@pytest.fixture(scope="module")
def dynamodb():
    with mock_aws():
        yield boto3.client("dynamodb", region_name=REGION)


@pytest.fixture
def table(dynamodb):
    with indexed_tables():
        dynamodb.create_table(TableName="t", **SCHEMA)
        yield "t"
        dynamodb.delete_table(TableName="t")


def stored(name="t"):
    return dynamodb_backends["123456789012"][REGION].tables[name]


def item(pk="a", sk="1", **attributes):
    return {"pk": {"S": pk}, "sk": {"S": sk}, **attributes}


def query(dynamodb, key="a", **more):
    return dynamodb.query(
        TableName="t",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": key}},
        **more,
    )


# ---- the same as moto ---------------------------------------------------------------------------------------------

KEYS = st.fixed_dictionaries(
    {"pk": st.sampled_from(["a", "b"]), "sk": st.sampled_from(["1", "10", "2", "é", "~"])}
).map(lambda key: {name: {"S": value} for name, value in key.items()})
REST = st.fixed_dictionaries(
    {},
    optional={
        "g": st.sampled_from([{"S": "x"}, {"S": "y"}]),
        "n": st.integers(-2, 12).map(lambda number: {"N": str(number)}),
        "v": st.sampled_from([{"S": "p"}, {"M": {"k": {"L": [{"N": "1"}]}}}]),
    },
)
CONDITIONS = st.sampled_from(
    [{}, {"ConditionExpression": "attribute_not_exists(pk)"}, {"ConditionExpression": "attribute_exists(g)"}]
)


def puts():
    return st.builds(lambda key, rest, condition: {"Item": key | rest, **condition}, KEYS, REST, CONDITIONS)


def deletes():
    return st.builds(lambda key, condition: {"Key": key, **condition}, KEYS, CONDITIONS)


def updates():
    expressions = st.sampled_from(
        [
            {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "5"}}},
            {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}},
            {"UpdateExpression": "REMOVE g"},
            {"UpdateExpression": "SET g = :g REMOVE v", "ExpressionAttributeValues": {":g": {"S": "x"}}},
        ]
    )
    return st.builds(lambda key, how, condition: {"Key": key, **how, **condition}, KEYS, expressions, CONDITIONS)


WRITES = st.one_of(
    puts().map(lambda one: ("put_item", one)),
    deletes().map(lambda one: ("delete_item", one)),
    updates().map(lambda one: ("update_item", one)),
    st.lists(
        st.one_of(
            puts().map(lambda one: {"Put": one}),
            updates().map(lambda one: {"Update": one}),
            deletes().map(lambda one: {"Delete": one}),
            KEYS.map(lambda key: {"ConditionCheck": {"Key": key, "ConditionExpression": "attribute_exists(pk)"}}),
        ),
        min_size=1,
        max_size=4,
    ).map(lambda many: ("transact_write_items", many)),
)

RANGES = [
    ("sk = :a", ["a"]),
    ("sk < :a", ["a"]),
    ("sk <= :a", ["a"]),
    ("sk > :a", ["a"]),
    ("sk >= :a", ["a"]),
    ("begins_with(sk, :a)", ["a"]),
    ("sk BETWEEN :a AND :b", ["a", "b"]),
]


def run(client, name, operation):
    kind, how = operation
    try:
        if kind == "transact_write_items":
            items = [
                {kind: {"TableName": name, "ReturnValuesOnConditionCheckFailure": "ALL_OLD", **one}}
                for entry in how
                for kind, one in entry.items()
            ]
            client.transact_write_items(TransactItems=items)
            return "done"
        answer = getattr(client, kind)(TableName=name, ReturnValues="ALL_OLD", **how)
    except ClientError as error:
        return error.response["Error"], error.response.get("CancellationReasons")
    return answer.get("Attributes")


def pages(client, name, limit=None, **how):
    """All items of a query by pages, and how many were scanned."""
    items, scanned, start = [], 0, {}
    while True:
        answer = client.query(TableName=name, **how, **start, **({"Limit": limit} if limit else {}))
        items += answer["Items"]
        scanned += answer["ScannedCount"]
        if "LastEvaluatedKey" not in answer:
            return items, scanned
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def queries(index, range_, forward, limit):
    expression, values = RANGES[range_]
    bounds = dict(zip([":a", ":b"], [{"S": "1"}, {"S": "2"}], strict=True))
    if index is None:
        key, condition = "pk = :k", expression
    elif index == "by_n":
        key, condition = "g = :k", expression.replace("sk", "n") if "begins" not in expression else "n > :a"
        bounds = {":a": {"N": "2"}, ":b": {"N": "10"}}
        values = ["a"] if "begins" in expression else values
    else:
        key, condition, values = "g = :k", "", []
    return {
        "KeyConditionExpression": f"{key} AND {condition}" if condition else key,
        "ExpressionAttributeValues": {":k": {"S": "a" if index is None else "x"}, ":p": {"S": "p"}}
        | {f":{one}": bounds[f":{one}"] for one in values},
        "FilterExpression": "v = :p OR attribute_not_exists(v)",
        "ScanIndexForward": forward,
        "limit": limit,
        **({"IndexName": index} if index else {}),
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(WRITES, max_size=12),
    st.lists(
        st.builds(
            queries,
            st.sampled_from([None, "by_n", "by_g"]),
            st.integers(0, len(RANGES) - 1),
            st.booleans(),
            st.sampled_from([None, 1, 2, 3]),
        ),
        min_size=4,
        max_size=4,
    ),
)
def test_it_answers_any_sequence_of_operations_as_moto_does(dynamodb, writes, reads):
    dynamodb.create_table(TableName="stock", **SCHEMA)
    undo = install()
    try:
        dynamodb.create_table(TableName="own", **SCHEMA)
        for write in writes:
            with in_haste():
                own = run(dynamodb, "own", write)
            assert own == run(dynamodb, "stock", write)
        for read in reads:
            with in_haste():
                own = pages(dynamodb, "own", **read)
            stock = pages(dynamodb, "stock", **read)
            if read.get("IndexName") == "by_g":  # without a sort key the order is nobody's promise
                own, stock = (sorted(map(str, found[0])) for found in (own, stock))
            assert own == stock
        everything = dynamodb.scan(TableName="own")["Items"]
        assert everything == dynamodb.scan(TableName="stock")["Items"]
        assert replayed(stored("own")) == {(one["pk"]["S"], one["sk"]["S"]): one for one in everything}
    finally:
        undo()
        dynamodb.delete_table(TableName="own")
        dynamodb.delete_table(TableName="stock")


@contextmanager
def in_haste():
    undo = haste.install()
    try:
        yield
    finally:
        undo()


VALUE = {"ExpressionAttributeValues": {":v": {"S": "x"}}}
ABSENT = {"TableName": "none", "Key": {"pk": {"S": "a"}, "sk": {"S": "1"}}}
ODD = [
    ("get_item", {"Key": {"pk": {"S": "a"}}}),
    ("get_item", ABSENT),
    ("put_item", {"Item": {"pk": {"S": "a"}}}),
    ("put_item", {"Item": item(v={"B": b"\0\xff"}, w={"NS": ["1", "2"]})}),
    ("put_item", {"Item": item(), "ConditionExpression": "v = :v", **VALUE}),
    ("put_item", {"Item": item(), "ConditionExpression": "attribute_exists(v)", **VALUE}),
    ("delete_item", ABSENT | {"ConditionExpression": "attribute_exists(pk)"}),
    *(
        ("update_item", {"Key": item(), "UpdateExpression": update, **VALUE})
        for update in (
            "SET v = :v",
            "SET v = :v SET n = :v",
            "SET v = :v, v = :v",
            "SET v.a = :v, v = :v",
            "SET pk = :v",
        )
    ),
    ("update_item", {"Key": item(), "UpdateExpression": "REMOVE v, v[1]"}),
    ("query", {"KeyConditionExpression": "pk = :v"}),
    ("query", {"KeyConditionExpression": "pk = :v", "IndexName": "by_none", **VALUE}),
    ("batch_get_item", {"RequestItems": {"t": {"Keys": [item(), item()]}}}),
    ("transact_write_items", {"TransactItems": [{"Put": {"TableName": "t", "Item": item()}}] * 2}),
]


@pytest.mark.parametrize(("operation", "asked"), ODD)
def test_what_is_odd_is_answered_in_haste_as_without(dynamodb, table, operation, asked):
    named = {} if "batch" in operation or "transact" in operation else {"TableName": "t"}

    def ask():
        try:
            answer = getattr(dynamodb, operation)(**named | asked)
        except ClientError as error:
            answer = error.response
        kept = dynamodb.scan(TableName="t")["Items"]
        status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
        dynamodb.delete_item(TableName="t", Key=item())
        return status, answer, kept

    with in_haste():
        hastened = ask()
    assert hastened == ask()


def test_a_condition_that_is_known_is_held_against_the_values_it_comes_with_now(dynamodb, table):
    own = item(v={"S": "x"})

    def put(value):
        told = {"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
        dynamodb.put_item(TableName="t", Item=own, **told)

    dynamodb.put_item(TableName="t", Item=own)
    with in_haste():
        put("x")
        with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
            put("y")
        put("x")


def replayed(table):
    """What a table holds according to its stream."""
    held = {}
    for record in table.stream_shard.get(0, 1000):
        body = record["dynamodb"]
        key = (body["Keys"]["pk"]["S"], body["Keys"]["sk"]["S"])
        assert held.pop(key, None) == body.get("OldImage")
        assert (record["eventName"] == "INSERT") == ("OldImage" not in body)
        if "NewImage" in body:
            held[key] = body["NewImage"]
    return held


# ---- as AWS, where moto differs -------------------------------------------------------------------------------------


def test_an_update_that_makes_an_item_is_one_insert_and_one_that_changes_nothing_is_none(dynamodb, table):
    for _ in range(2):
        dynamodb.update_item(
            TableName=table,
            Key=item(),
            UpdateExpression="SET v = :v",
            ExpressionAttributeValues={":v": {"S": "p"}},
        )
    (record,) = stored().stream_shard.get(0, 10)
    assert (record["eventName"], record["dynamodb"]["NewImage"]) == ("INSERT", item(v={"S": "p"}))


def test_a_full_page_has_a_key_to_go_on_from_even_at_the_end(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=item())
    last = query(dynamodb, Limit=1)["LastEvaluatedKey"]
    answer = query(dynamodb, Limit=1, ExclusiveStartKey=last)
    assert (answer["Items"], answer.get("LastEvaluatedKey")) == ([], None)


@pytest.mark.parametrize("key", [{"pk": {"S": "a"}}, item("b")])
def test_a_starting_key_that_does_not_fit_is_refused(dynamodb, table, key):
    with pytest.raises(ClientError, match="starting key is"):
        query(dynamodb, ExclusiveStartKey=key)


def test_an_index_key_of_the_wrong_type_is_refused_and_leaves_nothing(dynamodb, table):
    with pytest.raises(ClientError, match="Type mismatch for Index Key n"):
        dynamodb.put_item(TableName=table, Item=item(g={"S": "x"}, n={"S": "1"}))
    assert query(dynamodb)["Items"] == []


def test_a_failed_transaction_leaves_no_item_no_index_entry_and_no_record(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=item(sk="old", v={"S": "p"}))
    before = len(stored().stream_shard.items)
    with pytest.raises(ClientError) as failure:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": table, "Item": item(sk="new", g={"S": "x"})}},
                {
                    "Put": {
                        "TableName": table,
                        "Item": item(sk="old"),
                        "ConditionExpression": "attribute_not_exists(pk)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                },
            ]
        )
    reasons = failure.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == item(sk="old", v={"S": "p"})
    assert query(dynamodb)["Items"] == [item(sk="old", v={"S": "p"})]
    assert len(stored().stream_shard.items) == before
    assert not dynamodb.query(
        TableName=table,
        IndexName="by_g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "x"}},
    )["Items"]


def test_an_item_leaves_an_index_with_its_key_attribute(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=item(g={"S": "x"}))
    dynamodb.update_item(TableName=table, Key=item(), UpdateExpression="REMOVE g")
    found = dynamodb.query(
        TableName=table,
        IndexName="by_g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "x"}},
    )
    assert found["Items"] == []


def test_a_backup_stays_as_it_was(dynamodb, table):
    kept = [item(v={"L": [{"S": "x"}]}, w={"SS": ["a"]}), item(sk="2")]
    for one in kept:
        dynamodb.put_item(TableName=table, Item=one)
    arn = dynamodb.create_backup(TableName=table, BackupName="monday")["BackupDetails"]["BackupArn"]
    told = {":v": {"S": "y"}, ":w": {"SS": ["b"]}}
    dynamodb.update_item(
        TableName=table, Key=item(), UpdateExpression="SET v[0] = :v ADD w :w", ExpressionAttributeValues=told
    )
    dynamodb.delete_item(TableName=table, Key=item(sk="2"))
    dynamodb.put_item(TableName=table, Item=item(sk="3"))
    dynamodb.restore_table_from_backup(TargetTableName="restored", BackupArn=arn)
    assert dynamodb.scan(TableName="restored")["Items"] == kept
    dynamodb.delete_table(TableName="restored")


# ---- threads ------------------------------------------------------------------------------------------------------


def test_of_eight_threads_exactly_one_wins_each_version(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=item(version={"N": "0"}))

    def race(worker):
        won = 0
        for version in range(20):
            try:
                dynamodb.transact_write_items(
                    TransactItems=[
                        {
                            "Update": {
                                "TableName": table,
                                "Key": item(),
                                "UpdateExpression": "SET version = :next",
                                "ConditionExpression": "version = :version",
                                "ExpressionAttributeValues": {
                                    ":version": {"N": str(version)},
                                    ":next": {"N": str(version + 1)},
                                },
                            }
                        },
                        {"Put": {"TableName": table, "Item": item(sk=f"{version:03}-{worker}")}},
                    ]
                )
                won += 1
            except dynamodb.exceptions.TransactionCanceledException:
                continue
        return won

    with ThreadPoolExecutor(8) as threads:
        wins = sum(threads.map(race, range(8)))
    assert (wins, query(dynamodb)["Count"]) == (20, 21)


# ---- how cost grows -------------------------------------------------------------------------------------------------


def filing(table, number):
    """The four items that a complaint is filed with."""
    pk = {"S": f"RECORD#{number:06}"}
    keys = {"queue_pk": {"S": "customer_service#received"}, "order_pk": {"S": f"ORDER#{number}"}}
    head = keys | {"due_sk": {"S": f"2026-{number:06}"}, "summary": {"M": {"stage": {"S": "received"}}}}
    items = [
        {"pk": pk, "sk": {"S": "HEAD"}, "version": {"N": "1"}, "text": {"S": "收到就是裂的" * 50}, **head},
        {"pk": pk, "sk": {"S": "CONTACT"}, "email": {"S": "wang@example.cn"}},
        {"pk": pk, "sk": {"S": "ENTRY#000001"}, "kind": {"S": "ComplaintFiled"}},
        {"pk": {"S": f"IDEMPOTENCY#{number}"}, "sk": {"S": "-"}, "answer": {"S": "{}"}},
    ]
    return [
        {"Put": {"TableName": table, "Item": one, "ConditionExpression": "attribute_not_exists(pk)"}} for one in items
    ]


def test_filing_the_5000th_complaint_and_reading_a_page_cost_what_the_100th_did():
    with mock_aws(), indexed_tables():
        stack = build_stack(load_resources())
        client, table = boto3.client("dynamodb", region_name=REGION), stack.made("Table").ref

        def costs(number):
            """Of filing the complaint of this number, and of reading a page of 25 that ends with it."""
            page = {":queue": {"S": "customer_service#received"}, ":due": {"S": f"2026-{number - 25:06}"}}
            asked = {"KeyConditionExpression": "queue_pk = :queue AND due_sk > :due", "Limit": 25}
            return (
                effort(lambda: client.transact_write_items(TransactItems=filing(table, number))),
                effort(
                    lambda: client.query(TableName=table, IndexName="queue", ExpressionAttributeValues=page, **asked)
                ),
            )

        def fill(numbers):
            for number in numbers:
                for put in filing(table, number):
                    stored(table).put_item(put["Put"]["Item"])

        fill(range(99))
        costs(99)  # what is looked up once is looked up
        early = costs(100)
        fill(range(101, 5000))
        late = costs(5000)
    assert late[0] < 2 * early[0]
    assert late[1] < 2 * early[1]
