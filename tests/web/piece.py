"""The piece of a complaint as a browser reads it, and complaints in every state of a life to read it of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from chalicelib.adapters import places, store
from chalicelib.casework.file import consumer_link
from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import Feedback, Filing, ReviewRequest
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Outcome
from tests.domain.cases import CRACKED, KETTLE, LIN, NUMBER, PHOTOGRAPH, PLAN, REJECTION, WANG, Story, asked, story_in
from tests.house import Answer, House

VOID = {"input", "br", "link", "meta", "col"}


@dataclass
class Element:
    tag: str
    given: dict[str, str]
    within: "Element | None" = None
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """As it is read: hidden parts too, blanks one."""
        return " ".join("".join(one if isinstance(one, str) else one.raw for one in self.inside).split())

    @property
    def raw(self) -> str:
        return "".join(one if isinstance(one, str) else one.raw for one in self.inside)

    def __iter__(self) -> "Iterator[Element]":
        for one in self.inside:
            if isinstance(one, Element):
                yield one
                yield from one

    def all(self, tag: str | None = None, **given: str) -> "list[Element]":
        """What is inside of a tag, with these attributes; in their names a line is a hyphen."""
        asked = {name.strip("_").replace("_", "-"): value for name, value in given.items()}
        return [one for one in self if tag in (None, one.tag) and asked.items() <= one.given.items()]

    def one(self, tag: str | None = None, **given: str) -> "Element":
        [found] = self.all(tag, **given)
        return found

    @property
    def around(self) -> "Iterator[Element]":
        if self.within:
            yield self.within
            yield from self.within.around


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.top = self.at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(made)
        if tag not in VOID:
            self.at = made

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> in <{self.at.tag}>"
        assert self.at.within
        self.at = self.at.within

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def read(html: str) -> Element:
    """Its one article. Every element is closed where it should be."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.top
    [article] = [one for one in reader.top.inside if isinstance(one, Element)]
    return article


def keep(story: Story) -> str:
    """What happened in a story is in the table; the consumer's token."""
    complaint = story.complaint
    for begin in range(0, len(story.entries), 40):
        known = complaint.seq if begin else 0  # the head is the last one's from the beginning: nobody reads in between
        store.write(places.head_of(complaint), story.entries[begin : begin + 40], story.now, seen=known)
    return str(consumer_link(complaint)[0])


def ask(house: House, story: Story, token: str, query: str = "", **headers: str) -> Answer:
    house.now = story.now
    return house.get(f"/track/{NUMBER}/content{query}", token=token, **headers)


def shown(house: House, story: Story, query: str = "") -> Element:
    """What the consumer reads of a story that is told now."""
    answer = ask(house, story, keep(story), query)
    assert answer.status == 200, answer
    return read(answer.text)


# ---- lives -----------------------------------------------------------------------------------------------------------


def later(story: Story, ring: bool = False, **duration: float) -> Story:
    story.now += timedelta(**duration)
    return story.ring() if ring else story


def awaited(plan: Any = PLAN, filing: Filing = KETTLE) -> Story:
    return story_in(Stage.PLANNING, filing).do(Action.PROPOSE_PLAN, submission=plan)


def reviewed() -> Story:
    return awaited(REJECTION).do(Action.REQUEST_REVIEW, WANG, ReviewRequest(reason="请换一个人看。"))


def surveyed() -> Story:
    """The consumer has been asked how it was."""
    return asked(accepted_by(WANG))


def reopened_often() -> Story:
    """Three times, and there is a plan once more."""
    story = awaited()
    for _ in range(3):
        later(story, hours=1).do(Action.ACCEPT_PLAN)
        later(story, hours=1).do(Action.REOPEN)
        later(story, hours=1).do(Action.PROPOSE_PLAN)
    return story


def merged(*found: Any) -> Story:
    return Story().do(Action.MERGE).found(*found) if found else Story().do(Action.MERGE)


def other_closed(*, agreed: bool) -> events.OtherClosed:
    outcome = Outcome.SATISFIED if agreed else Outcome.NO_RESPONSE
    return events.OtherClosed(of="AAAAA-AAAAA", outcome=outcome, closed_at=Story().now, agreed=agreed)


def accepted_by(actor: Actor) -> Story:
    return awaited().do(Action.ACCEPT_PLAN, actor, Feedback(satisfied=True, opinion="谢谢。"))


OTHER_PLAN = events.OtherPlanProposed(of="AAAAA-AAAAA", round=1, plan=PLAN)
REFUSED = events.EvidenceQuarantined(
    evidence_id="2",
    file_name="合同.zip",
    reason="archive",
    size=10,
    sha256="cd",
    added_by="consumer",
    tell_from=Story().now + timedelta(minutes=5),
)


def with_files() -> Story:
    story = Story(CRACKED)
    for _ in range(3):
        story.do(Action.ADD_EVIDENCE, WANG)
    return story.found(PHOTOGRAPH, REFUSED)


LIVES: dict[str, Callable[[], Story]] = {
    "received": Story,
    "received, overdue": lambda: later(Story(), days=2),
    "investigating": lambda: story_in(Stage.INVESTIGATING),
    "investigating, overdue": lambda: later(story_in(Stage.INVESTIGATING), ring=True, days=9),
    "asked": lambda: story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION),
    "asked long ago": lambda: later(story_in(Stage.INVESTIGATING).do(Action.REQUEST_INFORMATION), ring=True, days=20),
    "planning": lambda: story_in(Stage.PLANNING),
    "planning, overdue": lambda: later(story_in(Stage.PLANNING), days=9),
    "extended": lambda: story_in(Stage.PLANNING).do(Action.EXTEND),
    "awaited": awaited,
    "awaited, late": lambda: later(awaited(), days=30),
    "awaited, being read": lambda: awaited().do(Action.GIVE_INFORMATION),
    "rejected": lambda: awaited(REJECTION),
    "objected": lambda: awaited().do(Action.OBJECT_TO_PLAN),
    "adjusted": lambda: awaited().do(Action.OBJECT_TO_PLAN).do(Action.PROPOSE_PLAN),
    "reviewed": reviewed,
    "accepted": lambda: accepted_by(WANG),
    "accepted on the phone": lambda: accepted_by(LIN),
    "accepted, measures done": lambda: accepted_by(WANG).do(Action.COMPLETE_FOLLOW_UP),
    "accepted, measures late": lambda: later(accepted_by(WANG), days=12),
    "accepted a rejection": lambda: awaited(REJECTION).do(Action.ACCEPT_PLAN),
    "lapsed": lambda: later(awaited(), ring=True, days=30),
    "closed long ago": lambda: later(accepted_by(WANG), days=60),
    "withdrawn": lambda: Story().do(Action.WITHDRAW),
    "withdrawn on the phone": lambda: Story().do(Action.WITHDRAW, LIN),
    "reopened": lambda: later(accepted_by(WANG), days=1).do(Action.REOPEN),
    "reopened often, awaited": reopened_often,
    "reopened often": lambda: reopened_often().do(Action.ACCEPT_PLAN),
    "of a year to come": lambda: story_in(Stage.PLANNING, at=Story().now.replace(year=2031)),
    "merged": merged,
    "merged, planned": lambda: merged(OTHER_PLAN),
    "merged, ended": lambda: merged(OTHER_PLAN, other_closed(agreed=False)),
    "merged, agreed": lambda: merged(other_closed(agreed=True)),
    "merged, reopened": lambda: merged(other_closed(agreed=False)).do(Action.REOPEN),
    "merged, undone": lambda: merged(OTHER_PLAN).do(Action.UNDO_MERGER),
    "merged, too late": lambda: later(merged(other_closed(agreed=False)), days=60),
    "in danger": lambda: story_in(Stage.INVESTIGATING).do(Action.TAKE_INTERIM_MEASURE),
    "delivered late": lambda: story_in(Stage.INVESTIGATING).do(Action.UPDATE_DELIVERY),
    "with files": with_files,
    "asked how it was": surveyed,
    "said how it was": lambda: surveyed().do(Action.ANSWER_SURVEY),
    "said how it was long ago": lambda: later(surveyed().do(Action.ANSWER_SURVEY), days=2),
    "did not say how it was": lambda: later(surveyed(), ring=True, days=20),
    "wants not to be asked": lambda: surveyed().do(Action.DECLINE_SURVEY),
    "said how it was, reopened": lambda: surveyed().do(Action.ANSWER_SURVEY).do(Action.REOPEN),
}
"""Every state of a life that the page tells apart."""
