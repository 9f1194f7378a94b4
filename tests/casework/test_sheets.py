"""On the 25th working day after a quarter sheets are made, shown to the person first, contested, answered, final."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.adapters import figures, lines, store
from chalicelib.casework import appraise, sheets
from chalicelib.casework.rounds import ROUNDS, make
from chalicelib.casework.sheet_letters import KINDS, TELLS, values
from chalicelib.casework.words import fill
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.errors import Forbidden, NotFound
from chalicelib.domain.supervision import lines as supervised
from chalicelib.domain.supervision import sheet
from chalicelib.domain.supervision.sheet import Answer, Comment, Contest, Reply, Sheet, SheetShown
from chalicelib.domain.telling.notices import notices_of
from tests.domain.cases import POLICY
from tests.domain.supervision.made import DEFAULTS
from tests.house import House

from .mailroom import Mailroom, mails_to, plain, told
from .told import LOCALES

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROUND = [one for one in ROUNDS if one.name == "sheets"]
CLOSED_ON = date(2026, 9, 29)
LIN = people.staff("cs.lin", frozenset({"customer_service"}))
CHEN = people.staff("cs.chen", frozenset({"customer_service"}))
LEAD = people.staff("cs.lead", frozenset({"customer_service", "supervisor"}))
ZHOU = people.staff("management.zhou", frozenset({"management"}))
TYPED = "不要写在信里"


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def come_in() -> None:
    """What 林, 陈 and somebody who has left had closed by the end of September."""
    at = datetime.combine(CLOSED_ON, time(12), SHANGHAI)

    def made(kind: type[Any], number: int, **said: Any) -> Any:
        return kind(**DEFAULTS[kind] | {"id": f"C{number:05}", "seq": 9, "at": at, "day": CLOSED_ON} | said)

    names = ["cs.lin"] * 12 + ["cs.chen"] * 8 + ["cs.gone"] * 2
    found = [made(supervised.Closed, number, planner=name) for number, name in enumerate(names)]
    found += [made(supervised.Missed, 1, held_by="cs.lin"), made(supervised.Missed, 2, held_by="quality")]
    late = {"day": date(2026, 10, 20), "at": at + timedelta(days=21), "closed_day": CLOSED_ON}
    found.append(made(supervised.Reopened, 3, planner="cs.lin", **late))
    lines.put(found, 1, 1095)
    figures.put(figures.key_of_day(CLOSED_ON), b"{}")


def the_25th_working_day() -> datetime:
    days = (date(2026, 10, 1) + timedelta(days=n) for n in range(80))
    return datetime.combine([day for day in days if POLICY.calendar.is_working_day(day)][24], time(8), SHANGHAI)


def do(name: str, handed_in: Any, actor: people.Actor, now: datetime) -> Sheet:
    return sheets.do(name, handed_in, actor, now, seen=None, idempotency=None).state


def subjects(name: str) -> list[str]:
    return [str(one["subject"]) for one in mails_to(f"{name}@staff.example") if "考核表" in str(one["subject"])]


def test_a_quarter_of_sheets(house: House, room: Mailroom):
    come_in()
    house.now = now = the_25th_working_day()
    assert now.date() > CLOSED_ON + timedelta(days=30)
    make(now - timedelta(minutes=1), ROUND)
    assert store.load("sheet_2026Q3-cs.lin", Sheet) is None
    make(now, ROUND)
    room.settle()

    lin = sheets.read("sheet_2026Q3-cs.lin", LIN, now)
    assert lin.document.as_of == now.date() - timedelta(days=1)
    said = {one.item: one for one in lin.document.items}
    assert (said["closures"].n, said["breaches"].count, said["right_first_time"].count) == (12, 1, 11)
    assert said["right_first_time"].rate == pytest.approx(11 / 12)
    assert sheets.read("sheet_2026Q3-cs.chen", CHEN, now).document.item("right_first_time").rate is None

    # Who works here no more has nobody to be shown it; departments have none.
    gone = store.load("sheet_2026Q3-cs.gone", Sheet)
    assert gone
    assert (gone.state.stage, gone.state.left) == ("final", True)
    assert [one.person for one in sheets.listed(None, "2026Q3", ZHOU, 25, None)[0]] == ["cs.gone"]

    # Nobody but the person reads it before it is contested.
    for actor in (LEAD, ZHOU):
        with pytest.raises(NotFound, match="sheet_unknown"):
            sheets.read("sheet_2026Q3-cs.lin", actor, now)
    for name in ("sheet_2026Q3-cs.lin", "sheet_2026Q2-cs.nobody"):
        with pytest.raises(Forbidden, match="sheet_not_yours"):
            sheets.read(name, CHEN, now)
    assert subjects("cs.lin") == ["【请您阅看】2026年第3季度考核表"]
    assert [one for one in told("supervisor") if "sheet" in one[0]] == []

    # Making them again makes nothing, and nothing is told twice.
    appraise.look(now, now)
    room.settle()
    assert len(subjects("cs.lin")) == 1

    contest = Comment(text=TYPED, contested=(Contest(item="breaches", reasons=TYPED),))
    do("sheet_2026Q3-cs.lin", contest, LIN, now)
    room.settle()
    ((subject, text),) = [one for one in told("supervisor") if "sheet" in one[0]]
    assert "sheet_contested sheet_2026Q3-cs.lin" in subject
    assert "cs.lin对考核表的1项提出异议" in text
    assert TYPED not in text
    assert sheets.read("sheet_2026Q3-cs.lin", LEAD, now).state.unanswered
    do("sheet_2026Q3-cs.lin", Answer(answers=(Reply(number=1, upheld=True, reasons=TYPED),)), LEAD, now)
    room.settle()
    assert subjects("cs.lin")[1:] == ["【已答复】您对考核表的异议"]

    for days in range(1, 14):
        house.now = now + timedelta(days=days, hours=2)
        room.sweep()
        room.settle()
    assert subjects("cs.lin")[2:] == ["【提醒】考核表异议期限将至", "【已定稿】2026年第3季度考核表"]
    assert TYPED not in "".join(map(plain, mails_to("cs.lin@staff.example")))
    final = sheets.shown("sheet_2026Q3-cs.lin", ZHOU, house.now).state
    assert (final.stage, final.contested[0].answer and final.contested[0].answer.upheld) == ("final", True)
    names = [one.person for one in sheets.listed(None, "2026Q3", ZHOU, 25, None)[0]]
    assert names == sorted(names) == ["cs.chen", "cs.gone", "cs.lin"]
    assert [one.quarter for one in sheets.listed(None, None, LIN, 25, None)[0]] == ["2026Q3"]
    assert sheets.listed("cs.lin", "2026Q3", CHEN, 25, None) == ([], None)


def begun(person: str, now: datetime) -> None:
    appraise.begin(SheetShown(person=person, quarter="2026Q3", hash="ab", as_of=CLOSED_ON), now, POLICY)


def test_whoever_is_not_reached_is_named_to_the_supervisor_once(house: House, room: Mailroom):
    house.now = the_25th_working_day()
    begun("cs.nobody", house.now)
    room.settle()
    ((_, text),) = [one for one in told("supervisor") if "sheet_untold" in one[0]]
    assert "cs.nobody" in text


def test_a_name_that_no_subject_can_have_is_told_all_the_same(house: House, room: Mailroom):
    house.now = the_25th_working_day()
    begun("客服·林", house.now)
    room.settle()
    assert [subject for subject, _ in told("supervisor") if "sheet_untold" in subject]


# ---- its words -------------------------------------------------------------------------------------------------------


def lived() -> list[tuple[Sheet, Entry]]:
    """Contested and answered late, by which time the person was reached no more; each entry with the sheet after it."""
    now = the_25th_working_day()
    event = SheetShown(person="cs.lin", quarter="2026Q3", hash="ab", as_of=CLOSED_ON)
    followed: list[tuple[Sheet, Entry]] = []

    def add(made: list[Entry]) -> Sheet:
        for entry in made:
            followed.append((sheet.evolve(followed[-1][0] if followed else None, entry), entry))
        return followed[-1][0]

    state = add([sheet.shown(event, now, POLICY)])
    contest = Comment(text=TYPED, contested=(Contest(item="breaches", reasons=TYPED),))
    state = add(sheet.decide(state, contest, LIN, now, POLICY, None))
    state = add(sheet.due_alarms(state, now + timedelta(days=30), POLICY))
    state = add(sheet.unreached(state, 1, now))
    reply = Answer(answers=(Reply(number=1, upheld=False, reasons=TYPED),))
    add(sheet.decide(state, reply, LEAD, now + timedelta(days=30), POLICY, None))
    return followed


@pytest.mark.parametrize("locale", LOCALES)
def test_every_notice_is_there_in_every_language_with_nothing_that_anybody_typed(locale: Any):
    seen = set()
    for state, entry in lived():
        for key in notices_of(entry, TELLS):
            words = fill(key.kind, locale, **values(entry, state, locale, POLICY.time_zone))
            seen.add(key.kind)
            assert len(words.subject) < 100, key.kind
            assert TYPED not in words.subject + words.text, key.kind
            assert "sheet_2026Q3-cs.lin" in words.text
            assert "{{" not in words.text
            assert "None" not in words.text
    assert seen == KINDS.keys()
