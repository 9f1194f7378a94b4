"""However much one party sends: staff go on, the clock goes on, and every answer has an end."""

from typing import Any

from chalicelib.adapters import places, store
from chalicelib.adapters.items import PART
from chalicelib.casework import read
from chalicelib.casework.erase import erase
from chalicelib.casework.rebuild import rebuild
from chalicelib.casework.repeats import MOST_NOTED, relate
from chalicelib.casework.ring import ring
from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.people import consumer
from tests.domain.cases import NUMBER, Story
from tests.examples import PLAN, REPORT
from tests.house import House

Receipt = dict[str, Any]

WIDE = "𠮷"  # four bytes
LIMIT = 1_000_000  # bytes; a Lambda answers with 6 MB at most


def path(receipt: Receipt) -> str:
    return f"/v1/complaints/{receipt['complaint_id']}"


def parts(house: House) -> list[dict[str, Any]]:
    return [item for item in house.items() if item["sk"]["S"].startswith(PART)]


def told_at_length(house: House) -> Receipt:
    """An investigation in which everybody says as much as they may."""
    receipt = house.file(description=WIDE * 5_000, category="product_quality")
    number = receipt["complaint_id"]
    house.do(number, "acknowledgement", {"message": WIDE * 2_000})
    assert house.do(number, "inquiries/1/answer", {"assessment": WIDE * 5_000}, "quality.he").status == 200
    long = REPORT | dict.fromkeys(("findings", "root_cause", "conclusion"), WIDE * 5000)
    assert house.do(number, "investigation-report", long).status == 200
    return receipt


def test_what_is_long_is_seen_and_worked_on_like_the_rest(house: House):
    receipt = house.begun(told_at_length)
    assert parts(house), "it is more than a head holds"
    view = house.get(path(receipt), "cs.lin").json
    assert [view["description"], view["investigation_report"]["conclusion"]] == [WIDE * 5_000] * 2
    assert view["inquiries"][0]["assessment"] == WIDE * 5_000
    assert house.do(receipt["complaint_id"], "resolution-plan", PLAN).status == 200
    accepted = house.post(path(receipt) + "/feedback", {"satisfied": True}, token=receipt["consumer_token"])
    assert (accepted.status, accepted.json["outcome"]) == (200, "satisfied")


def test_what_is_long_costs_one_more_round_trip(house: House):
    receipt = house.begun(told_at_length)
    house.do(receipt["complaint_id"], "notes", {"text": "资料已齐"})  # which reads the list of policies
    with house.counting() as calls:
        house.get(path(receipt), "cs.lin")
    assert calls == ["dynamodb:BatchGetItem"] * 2
    with house.counting() as calls:
        house.do(receipt["complaint_id"], "resolution-plan", PLAN)
    assert calls == ["dynamodb:BatchGetItem"] * 2 + ["dynamodb:TransactWriteItems"]


def test_the_clock_of_a_long_complaint_rings(house: House):
    receipt = house.begun(told_at_length)
    house.pass_time(days=20)
    assert ring(receipt["complaint_id"], house.now).raised
    assert house.get(path(receipt), "cs.lin").json["breaches"]


def test_of_a_long_complaint_that_is_erased_nothing_is_left_apart(house: House):
    receipt = house.begun(told_at_length)
    house.do(receipt["complaint_id"], "withdrawal", {}, "cs.lin")
    erase(receipt["complaint_id"], house.now)
    assert not parts(house)
    assert WIDE not in str(house.items())


def test_an_erased_complaint_that_is_long_still_can_be_read(house: House):
    """What people did so often is facts, of which nothing is erased."""
    story = Story()
    story.do(Action.ACKNOWLEDGE)
    for _ in range(400):
        story.do(Action.ASSIGN)
    holders = tuple(one.model_copy(update={"assignee": "x" * 400}) for one in story.complaint.holders)
    story.do(Action.WITHDRAW)
    closed = story.complaint.model_copy(update={"holders": holders})
    store.write(places.head_of(closed), story.entries[:1], story.now, seen=0)
    erase(NUMBER, story.now)
    erase(NUMBER, story.now)
    found = store.load(NUMBER, Complaint)
    assert found
    assert found.state.erased_at
    assert found.state.holders == holders


def test_what_was_lost_of_a_long_complaint_is_made_anew(house: House):
    receipt = house.begun(told_at_length)
    number = receipt["complaint_id"]
    assert rebuild(number, house.now, check=True).is_sound
    before = house.items()
    for part in parts(house):
        store.client("dynamodb").delete_item(
            TableName=house.environment["REDRESS_TABLE"], Key={name: part[name] for name in ("pk", "sk")}
        )
    assert house.get(path(receipt), "cs.lin").status == 503
    told = rebuild(number, house.now, check=False)
    assert (told.differing, told.mended) == (("head",), True)
    assert sorted(house.items(), key=str) == sorted(before, key=str)


# ---- what is answered has an end -------------------------------------------------------------------------------------


def walked(house: House, receipt: Receipt, first: str | None, **by: Any) -> list[dict[str, Any]]:
    """The rest of a timeline, page by page, none of which is longer than may be."""
    found, cursor = [], first
    while cursor:
        answer = house.get(f"{path(receipt)}/timeline?limit=100&cursor={cursor}", **by)
        assert len(answer.text.encode()) < LIMIT
        found += answer.json["items"]
        cursor = answer.json["next_cursor"]
    return found


def test_a_public_view_ends_and_its_timeline_goes_on(house: House):
    receipt = house.file()
    token = receipt["consumer_token"]
    for n in range(60):
        assert house.post(path(receipt) + "/information", {"text": f"{n} " + "裂" * 4_990}, token=token).status == 201
    view = house.get(path(receipt), token=token)
    assert len(view.text.encode()) < LIMIT
    shown = view.json["timeline"]
    assert shown
    assert view.json["next_cursor"]
    rest = walked(house, receipt, view.json["next_cursor"], token=token)
    said = [one["details"]["text"].split()[0] for one in shown + rest if one["type"] == "InformationGiven"]
    assert said == [str(n) for n in range(60)]
    for who in ({"token": token}, {"who": "cs.lin"}):
        begin = house.get(f"{path(receipt)}/timeline?limit=100", **who)
        assert len(begin.text.encode()) < 2 * LIMIT, "to staff the entries are shown as they were sealed too"
        whole = begin.json["items"] + walked(house, receipt, begin.json["next_cursor"], **who)
        assert len([one for one in whole if one["type"] == "InformationGiven"]) == 60


def test_of_a_complaint_of_hundreds_of_entries_the_consumer_sees_the_beginning_and_goes_on(house: House):
    story = Story()
    complaint = None
    for _ in range(6):
        before = len(story.entries) if complaint else 0
        for _ in range(50):
            story.do(Action.GIVE_INFORMATION)
        told = {"seen": complaint.seq if complaint else 0}
        store.write(places.head_of(story.complaint), story.entries[before:], story.now, **told)
        complaint = story.complaint
    case = read.case(NUMBER, consumer(NUMBER), story.now)
    assert case.cut
    page, cursor = read.first_page(NUMBER, case.entries, cut=case.cut)
    seen = [*page]
    while cursor:
        more, _, cursor = read.timeline(NUMBER, consumer(NUMBER), story.now, 100, cursor)
        seen += more
    public = [entry.seq for entry in story.entries if entry.event.public_face() is not None]
    assert [entry.seq for entry in seen if entry.event.public_face() is not None] == public


def test_whoever_files_over_and_over_about_an_order_of_somebody_else_fills_nothing(house: House):
    victim = house.file()
    for n in range(MOST_NOTED + 5):
        relate(victim["complaint_id"], [f"AAAAA-{n:05}"], house.now)
    assert len(house.get(path(victim), "cs.lin").json["related"]) == MOST_NOTED
