"""4.2b: how many files each party may have, which leave the record, what becomes of one that has arrived."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.complaint import events, files, mergers, parts
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.files import LATE, MOST_FILES, REFUSED_SHOWN, TOLD_AFTER, look_into
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import LARGEST_FILE, EvidenceOffer
from chalicelib.domain.ground.errors import NotAllowed
from chalicelib.domain.ground.people import Actor
from tests.files import REAL, REFUSED, jpeg, tiff

from .cases import FRIDAY, LIN, QUALITY, SHOP, WANG, Story

JPEG = jpeg()
FORM_LASTS = timedelta(minutes=15)


def offer(story: Story, who: Actor = WANG, name: str = "裂缝.jpg", **facts: Any) -> parts.EvidenceFile:
    """Somebody is about to upload a file."""
    handed_in = EvidenceOffer(file_name=name, **{"content_type": "image/jpeg", "size": 1_000} | facts)
    story.do(Action.ADD_EVIDENCE, who, handed_in)
    return story.complaint.evidence_files[-1]


def arrive(story: Story, file: parts.EvidenceFile, content: bytes | None = JPEG) -> parts.EvidenceFile:
    """It comes, and this is what is known of it then."""
    unread = content is None
    found = look_into(content, LARGEST_FILE + 1 if unread else len(content), None if unread else "ab" * 32)
    story.found(files.arrived(story.complaint, file, found, story.now))
    return next(one for one in story.complaint.evidence_files if one.evidence_id == file.evidence_id)


def sent(story: Story, content: bytes | None, who: Actor = WANG, **facts: Any) -> parts.EvidenceFile:
    return arrive(story, offer(story, who, **facts), content)


BAT = REFUSED["a program of Windows"][1]


# ---- arriving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize(
    "said", ["", "application/octet-stream", "image/jpg", "image/heif", "video/3gpp", "application/zip"]
)
def test_a_file_is_listed_as_what_it_is_whatever_the_browser_said(kind: str, said: str):
    content_type, content = REAL[kind]
    file = sent(Story(), content, content_type=said)
    assert (file.status, file.content_type, file.size) == ("received", content_type, len(content))


def test_what_is_there_is_listed_and_not_what_was_announced():
    """A photograph that the phone makes a JPEG of as it is sent is larger than it said."""
    file = sent(Story(), JPEG + b"x" * 9_000, name="IMG_0042.HEIC", content_type="image/heic", size=10)
    assert (file.file_name, file.content_type, file.size) == ("IMG_0042.jpg", "image/jpeg", len(JPEG) + 9_000)


def test_a_program_by_its_name_is_listed_as_the_text_that_it_is():
    assert sent(Story(), "你好".encode(), name="聊天记录.txt.bat").file_name == "聊天记录.txt"


def test_whether_a_photograph_says_where_it_was_made_is_kept():
    assert sent(Story(), jpeg(tiff())).has_place
    assert not sent(Story(), JPEG).has_place


def test_and_goes_along_with_a_merger():
    story = Story()
    sent(story, jpeg(tiff()))
    sent(story, JPEG)
    sent(story, BAT)
    (joined,) = mergers.taking_in(Story().complaint, story.complaint)
    assert [file.has_place for file in joined.taken.files] == [True, False]


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_says_why_and_is_kept_in_the_list(kind: str):
    reason, content = REFUSED[kind]
    story = Story()
    file = sent(story, content)
    assert (file.status, file.refused, file.file_name) == ("refused", reason, "裂缝.jpg")
    assert story.complaint.evidence == ()
    face = {"evidence_id": "1", "file_name": "裂缝.jpg", "refused": reason}
    assert story.entries[-1].event.public_face() == face


def test_what_is_too_large_is_refused_unread():
    file = sent(Story(), None)
    assert (file.refused, file.sha256) == ("too_large", None)
    assert sent(Story(), b"x" * LARGEST_FILE).status == "received"


def test_a_file_of_staff_that_is_refused_is_nothing_that_the_consumer_sees():
    story = Story()
    sent(story, BAT, QUALITY)
    event = story.entries[-1].event
    assert isinstance(event, events.EvidenceQuarantined)
    assert (event.public_face(), event.sent_by) == (None, "quality.he")


def test_of_two_files_each_has_its_own_fate():
    story = Story()
    mine, theirs = offer(story), offer(story, LIN)
    arrive(story, theirs)
    story.now += timedelta(minutes=5)
    arrive(story, mine, BAT)
    first, second = story.complaint.evidence_files
    assert [(one.status, one.added_by, one.sent_by) for one in (first, second)] == [
        ("refused", "consumer", None),
        ("received", "staff", "cs.lin"),
    ]
    assert (first.offered_at, first.received_at, second.received_at) == (FRIDAY, story.now, FRIDAY)


# ---- how many --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), [(WANG, LIN), (LIN, WANG), (SHOP, LIN)])
def test_what_one_party_begins_or_sends_takes_no_room_of_the_other(one: Actor, other: Actor):
    story = Story()
    for n in range(MOST_FILES):
        file = offer(story, one)
        if n % 2:
            arrive(story, file)
    with pytest.raises(NotAllowed, match=r"files_full_for_now party=\w+ most=20 begun=10"):
        offer(story, one)
    for _ in range(MOST_FILES):
        sent(story, JPEG, other)
    with pytest.raises(NotAllowed, match=r"files_full party=\w+ most=20"):
        offer(story, other)


def test_the_storefront_and_its_consumer_are_one_party():
    story = Story()
    for _ in range(MOST_FILES):
        offer(story, SHOP)
    with pytest.raises(NotAllowed, match="party=consumer most=20"):
        offer(story, WANG)


def test_what_never_came_takes_no_place_and_leaves_the_record_once_nothing_can_come_any_more():
    story = Story()
    for _ in range(MOST_FILES):
        offer(story)
    story.now += FORM_LASTS + LATE - timedelta(seconds=1)
    with pytest.raises(NotAllowed):
        offer(story)
    story.now += timedelta(seconds=1)
    assert offer(story).evidence_id == "21"
    assert [file.evidence_id for file in story.complaint.evidence_files] == ["21"]
    assert fold(story.entries) == story.complaint


def test_a_number_is_given_once():
    story = Story()
    offer(story)
    story.now += timedelta(days=1)
    assert offer(story).evidence_id == "2"
    story.now += timedelta(days=1)
    assert offer(story, LIN).evidence_id == "3"
    assert [file.evidence_id for file in story.complaint.evidence_files] == ["2", "3"], "of the other party it stays"


def test_what_is_refused_makes_room_at_once_and_what_came_keeps_its_place():
    story = Story()
    for _ in range(MOST_FILES - 1):
        sent(story, JPEG)
    for _ in range(50):
        sent(story, BAT)
    sent(story, JPEG)
    with pytest.raises(NotAllowed):
        offer(story)


def test_of_what_is_refused_the_last_ones_are_listed_so_that_nobody_fills_the_record():
    story = Story()
    for _ in range(30):
        sent(story, BAT)
        sent(story, BAT, LIN)
    refused = [file.evidence_id for file in story.complaint.evidence_files]
    assert len(refused) == 2 * (REFUSED_SHOWN + 1)
    assert refused[-1] == "60"
    assert len(story.complaint.refusals) == 2


def test_a_file_of_the_house_itself_was_never_offered_and_takes_no_place():
    house = {"evidence_id": "order", "file_name": "order.json", "content_type": "application/json", "size": 900}
    received = events.EvidenceReceived.model_validate(house | {"sha256": "ab", "added_by": "system"})
    story = Story().found(received)
    (file,) = story.complaint.evidence
    assert (file.evidence_id, file.added_by, file.offered_at, file.size) == ("order", "system", FRIDAY, 900)
    for _ in range(MOST_FILES):
        offer(story)
        offer(story, LIN)
    assert story.complaint.evidence_files[-1].evidence_id == "40"


def test_what_comes_after_its_offer_has_left_the_record_is_taken_with_what_the_offer_said():
    story = Story()
    file = offer(story, LIN, description="壶身的裂缝")
    story.now += timedelta(days=1)
    offer(story, LIN)
    late = arrive(story, file)
    assert (late.status, late.description, late.added_by) == ("received", "壶身的裂缝", "staff")
    assert fold(story.entries) == story.complaint


def test_and_if_it_is_none_that_is_taken_it_is_refused_and_told():
    story = Story()
    file = offer(story)
    story.now += timedelta(days=1)
    offer(story)
    late = arrive(story, file, BAT)
    assert (late.status, late.refused, late.file_name) == ("refused", "program", "裂缝.jpg")


def test_more_than_there_is_room_for_is_refused_though_it_was_offered_in_time():
    """An outage: what was uploaded is looked at hours later, and more was offered meanwhile."""
    story = Story()
    before = [offer(story) for _ in range(MOST_FILES)]
    story.now += timedelta(hours=3)
    for _ in range(MOST_FILES):
        sent(story, JPEG)
    assert arrive(story, before[0]).refused == "too_many"
    assert len(story.complaint.evidence) == MOST_FILES


# ---- who is told -----------------------------------------------------------------------------------------------------


def told(story: Story) -> list[Any]:
    return [one.event.tell_from for one in story.entries if isinstance(one.event, events.EvidenceQuarantined)]


def test_what_is_refused_within_minutes_is_told_once_with_how_many_and_why():
    story = Story()
    sent(story, BAT)
    story.now += TOLD_AFTER - timedelta(seconds=1)
    sent(story, BAT)
    sent(story, b"")
    assert told(story) == [FRIDAY + TOLD_AFTER, None, None]
    (batch,) = story.complaint.refusals
    assert (batch.number, batch.reasons, batch.sent_by) == (3, ("program", "empty"), None)


def test_what_is_refused_after_that_is_told_again():
    story = Story()
    sent(story, BAT)
    story.now += TOLD_AFTER
    sent(story, b"")
    assert told(story) == [FRIDAY + TOLD_AFTER, FRIDAY + 2 * TOLD_AFTER]
    assert [(one.number, one.reasons) for one in story.complaint.refusals] == [(1, ("program",)), (1, ("empty",))]


def test_each_is_told_of_their_own():
    story = Story()
    for who in (WANG, LIN, QUALITY, SHOP):
        sent(story, BAT, who)
    assert [one.sent_by for one in story.complaint.refusals] == [None, "cs.lin", "quality.he"]
    assert [one.number for one in story.complaint.refusals] == [2, 1, 1]
