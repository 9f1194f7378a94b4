"""Amendments as their callers see them (7, 8.1): what is answered, what is refused and why, what nobody is shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.ground.instants import written
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.versions import AHEAD
from tests.examples import AMENDMENT, SHORTER
from tests.house import FRIDAY, House, refused

from .amended import BOSS, CONSULTED, LEGAL, LISTED, act, data_in, done, draft, rules_in, try_out

WINTER = datetime(2026, 12, 8, 7, 40, tzinfo=UTC)
"""Version 2 is in force, and what follows it needs no longer than its own notice."""
READ = {"approved": True, "reasons": "同意。"}


def ready(house: House, stage: str, body: Any = SHORTER) -> str:
    """An amendment of the rules in a stage, made by legal."""
    name = str(draft(house, body)["amendment_id"])
    try_out(house, name)
    for at, resource, said, who in (
        ("submitted", "submission", CONSULTED, LEGAL),
        ("approved", "approval", READ, BOSS),
        ("announced", "announcement", {}, LEGAL),
    ):
        done(house, name, resource, said, who)
        if at == stage:
            break
    return name


# ---- a life ----------------------------------------------------------------------------------------------------------


def test_a_draft_says_what_it_changes_in_words_and_whom_that_concerns(house: House) -> None:
    answer = house.post(LISTED, SHORTER, LEGAL)
    view = answer.json
    assert (answer.status, view["stage"], view["document"], view["base"]) == (201, "draft", "rules", 2)
    assert answer.headers["location"] == f"{LISTED}/{view['amendment_id']}"
    assert answer.headers["etag"].startswith('"1-')
    (changed,) = view["diff"]
    assert (changed["path"], changed["clause"]) == ("clocks.received.hours", "4.1c")
    assert "24小时 → 12小时" in changed["words"]
    assert {"customer_service", "consumer"} <= set(view["concerned"])
    assert view["changes"] == SHORTER["changes"]
    assert len(view["hash"]) == len(view["digests"]["rules"]) == len(view["digests"]["operating"]) == 64
    assert (view["author"], view["replay"], view["policy_version"], view["decisions"]) == (LEGAL, None, None, [])
    assert house.get(answer.headers["location"], "audit.qin").json["hash"] == view["hash"]


def test_rules_go_from_a_draft_over_a_return_to_a_version_that_anybody_reads(house: House) -> None:
    house.now = WINTER
    name = str(draft(house)["amendment_id"])
    assert refused(act(house, name, "submission", {}), 409, "not_allowed")["reason"] == "replay_needed"
    answer = act(house, name, "replay", {"from": "2026-09-01", "to": "2026-09-30"})
    assert (answer.status, answer.json["replay"]["state"]) == (202, "running")
    house.post(f"{LISTED}/{name}/changes", {"changes": {"clocks": {"received": {"hours": 13}}}}, LEGAL)
    try_out(house, name)
    assert house.get(f"{LISTED}/{name}", LEGAL).json["replay"] | {"hash": ""} == {
        "from": "2026-09-01",
        "to": "2026-09-30",
        "hash": "",
        "current": True,
        "state": "finished",
        "sum": {"complaints": 40, "due_dates_moved": 31, "breaches_more": 12, "breaches_fewer": 0},
    }
    assert refused(act(house, name, "submission", {}), 409, "not_allowed")["reason"] == "consultation_needed"
    submitted = done(house, name, "submission", CONSULTED)
    assert submitted["consultation"] == CONSULTED["consultation"]
    returned = done(house, name, "approval", {"approved": False, "reasons": "多12件逾期，太紧。"}, BOSS)
    assert (returned["stage"], returned["decisions"][0]["reasons"]) == ("returned", "多12件逾期，太紧。")

    changed = done(house, name, "changes", {"changes": {"clocks": {"received": {"hours": 18}}}}, "legal.tan")
    assert (changed["stage"], changed["replay"]["current"]) == ("draft", False)
    assert changed["decisions"][0]["hash"] == returned["hash"] != changed["hash"]
    refused(act(house, name, "submission", {}), 409, "not_allowed")
    try_out(house, name)
    done(house, name, "submission", CONSULTED, "legal.tan")
    approved = done(house, name, "approval", READ | {"hash": changed["hash"]}, BOSS)
    assert [one["approved"] for one in approved["decisions"]] == [False, True]
    announced = done(house, name, "announcement", {})
    assert announced["policy_version"] == {"number": 3, "effective_from": "2026-12-15T16:00:00Z"}

    version = house.get("/v1/policy/versions/3").json
    assert (version["state"], version["amendment_id"], version["hash"]) == ("to_come", name, changed["hash"])
    assert version["rules"]["clocks"]["received"]["hours"] == 18
    assert version["diff"] == announced["diff"]


def test_operating_data_go_the_shorter_way_with_a_second_person(house: House) -> None:
    name = str(draft(house, AMENDMENT)["amendment_id"])
    done(house, name, "submission", {})
    done(house, name, "approval", READ, "cs.lin")
    view = done(house, name, "announcement", {})
    assert view["policy_version"] == {"number": 2, "effective_from": written(FRIDAY + AHEAD)}
    assert house.get("/v1/policy/operating", LEGAL).json["operating"]["told_together_minutes"] == 5
    house.now = FRIDAY + AHEAD
    assert house.get("/v1/policy/operating", LEGAL).json["operating"]["told_together_minutes"] == 10


# ---- who decides, and about what -------------------------------------------------------------------------------------


@pytest.mark.parametrize("hand", ["author", "changer", "submitter"])
def test_nobody_decides_what_passed_through_their_hands(house: House, hand: str) -> None:
    who = {one: BOSS if one == hand else LEGAL for one in ("author", "changer", "submitter")}
    name = str(draft(house, AMENDMENT, who["author"])["amendment_id"])
    done(house, name, "changes", {"reasons": "补充理由。"}, who["changer"])
    view = done(house, name, "submission", {}, who["submitter"])
    mine = house.get(f"{LISTED}/{name}", BOSS).json["allowed"]
    assert "confirm_amendment" not in mine
    assert "confirm_amendment" in house.get(f"{LISTED}/{name}", "management.wu").json["allowed"]
    problem = refused(act(house, name, "approval", READ, BOSS), 403, "forbidden")
    assert problem["reason"] == "own_amendment"
    assert house.get(f"{LISTED}/{name}", BOSS).json["version"] == view["version"]


def test_rules_are_approved_by_management_alone(house: House) -> None:
    name = ready(house, "submitted")
    refused(act(house, name, "approval", READ, "legal.tan"), 403, "forbidden")
    assert "approve_amendment" not in house.get(f"{LISTED}/{name}", "legal.tan").json["allowed"]
    assert "approve_amendment" in house.get(f"{LISTED}/{name}", BOSS).json["allowed"]
    assert act(house, name, "approval", READ, BOSS).status == 200


def test_an_approval_of_other_data_than_were_read_is_refused(house: House) -> None:
    name = data_in(house, "submitted")
    problem = refused(act(house, name, "approval", READ | {"hash": "0" * 64}, BOSS), 409, "stale_hash")
    assert "approve_amendment" not in problem["allowed"]
    assert "confirm_amendment" in problem["allowed"]


def test_what_returns_an_amendment_says_why(house: House) -> None:
    name = data_in(house, "submitted")
    problem = refused(act(house, name, "approval", {"approved": False}, BOSS), 422, "invalid", field="reasons")
    assert problem["errors"][0]["code"] == "reasons_needed"


# ---- another version came between ------------------------------------------------------------------------------------


def test_where_another_version_came_between_the_next_step_says_what_the_changes_make_of_it(house: House) -> None:
    first = ready(house, "approved")
    late = str(
        draft(house, SHORTER | {"changes": {"clocks": {"planning": {"working_days": 1}}}}, "cs.lead")["amendment_id"]
    )
    done(house, first, "announcement", {})
    for resource, body in (("replay", {"from": "2026-09-01", "to": "2026-09-30"}), ("changes", {"reasons": "补充。"})):
        answer = act(house, late, resource, body, "cs.lead", Accept_Language="en")
        problem = refused(answer, 409, "stale_base")
        assert problem["values"] == {"base": 2, "latest": 3}
        (changed,) = problem["diff"]
        assert changed["path"] == "clocks.planning.working_days"
        assert "2 working days → 1 working day" in changed["words"]
    based = done(house, late, "changes", {"base": 3}, "cs.lead")
    assert (based["base"], [one["path"] for one in based["diff"]]) == (3, ["clocks.planning.working_days"])
    assert refused(house.post(LISTED, SHORTER | {"base": 2}, LEGAL), 409, "stale_base")["values"]["latest"] == 3
    assert act(house, late, "withdrawal", {}, "cs.lead").status == 200


# ---- effect ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("impact", "days"), [("normal", 7), ("major", 15)])
def test_rules_take_effect_no_sooner_than_the_notice_that_they_need(house: House, impact: str, days: int) -> None:
    house.now = WINTER
    name = ready(house, "approved", SHORTER | {"impact": impact})
    soonest = WINTER + timedelta(days=days)
    early = {"effective_from": written(soonest - timedelta(seconds=1))}
    problem = refused(act(house, name, "announcement", early), 422, "invalid", field="effective_from")
    assert problem["errors"][0]["values"]["days"] == days
    assert done(house, name, "announcement", {"effective_from": written(soonest)})["stage"] == "announced"


def test_two_versions_are_not_for_the_same_moment(house: House) -> None:
    house.now = WINTER
    moment = {"effective_from": written(WINTER + timedelta(days=30))}
    done(house, ready(house, "approved"), "announcement", moment)
    second = ready(house, "approved", SHORTER | {"changes": {"clocks": {"received": {"hours": 20}}}})
    assert refused(act(house, second, "announcement", moment), 409, "not_allowed")["reason"] == "moment_taken"


def test_what_was_announced_is_withdrawn_until_ten_minutes_before_and_then_no_more(house: House) -> None:
    name = data_in(house, "announced")
    effect = house.get(f"{LISTED}/{name}", LEGAL).json["policy_version"]["effective_from"]
    house.now = FRIDAY + timedelta(hours=1)
    kept = data_in(house, "announced")
    assert refused(act(house, name, "withdrawal", {}), 409, "not_allowed")["reason"] == "built_upon"
    done(house, kept, "withdrawal", {"reason": "改由下一版修订。"})
    withdrawn = done(house, name, "withdrawal", {})
    assert (withdrawn["stage"], withdrawn["withdrawn_at"]) == ("withdrawn", written(house.now))
    assert withdrawn["policy_version"]["effective_from"] == effect


# ---- opinions --------------------------------------------------------------------------------------------------------


def test_who_has_given_an_opinion_is_thanked_on_the_page_of_their_complaint_and_not_asked_again(house: House) -> None:
    name, receipt = rules_in(house, "announced"), house.file()
    path, token = f"/track/{receipt['complaint_id']}/content", receipt["consumer_token"]
    house.pass_time(minutes=6)
    form = f'data-post="{LISTED}/{name}/opinions"'
    assert form in house.get(path, token=token).text
    assert house.post(f"{LISTED}/{name}/opinions", {"text": "希望夜里也能答复。"}, token=token).status == 201
    page = house.get(path, token=token).text
    assert "您已经对这一版提出过意见" in page
    assert form not in page


def test_whoever_has_an_opinion_gives_it_and_each_is_answered(house: House) -> None:
    name, receipt = rules_in(house, "announced"), house.file()
    said = {"text": "希望夜里也能及时得到答复。"}
    mine = house.post(f"{LISTED}/{name}/opinions", said, token=receipt["consumer_token"])
    assert (mine.status, mine.json) == (
        201,
        {
            "amendment_id": name,
            "number": 1,
            "at": written(FRIDAY),
            "answer": None,
            "text": said["text"],
            "by": {"kind": "consumer", "id": receipt["complaint_id"]},
        },
    )
    again = house.post(f"{LISTED}/{name}/opinions", said, token=receipt["consumer_token"])
    assert refused(again, 409, "not_allowed")["reason"] == "opinion_given_already"
    assert house.post(f"{LISTED}/{name}/opinions", {"text": "接口需要改。"}, "storefront").json["number"] == 2
    assert house.post(f"{LISTED}/{name}/opinions", {"text": "人手不够。"}, "quality.he").json["number"] == 3

    view = done(house, name, "opinions/1/answer", {"text": "谢谢，夜间值班照旧。"}, "cs.lin")
    assert (view["opinions"], view["unanswered"]) == (3, 2)
    listed = house.get(f"{LISTED}/{name}/opinions?limit=2", "audit.qin").json
    assert [one["number"] for one in listed["items"]] == [1, 2]
    assert listed["items"][0]["answer"] == {"at": written(FRIDAY), "by": "cs.lin", "text": "谢谢，夜间值班照旧。"}
    for who, texts, answers in (
        ({"token": receipt["consumer_token"]}, [said["text"]], ["谢谢，夜间值班照旧。"]),
        ({"who": "storefront"}, ["接口需要改。"], [None]),
        ({"token": house.file()["consumer_token"]}, [], []),
    ):
        own = house.get(f"{LISTED}/{name}/opinions", **who)
        assert [one["text"] for one in own.json["items"]] == texts, "each reads their own"
        assert [(one["answer"] or {}).get("text") for one in own.json["items"]] == answers
        assert "cs.lin" not in own.text, "the house answers, and not a person"
    rest = house.get(f"{LISTED}/{name}/opinions?limit=2&cursor={listed['next_cursor']}", "audit.qin").json
    assert ([one["text"] for one in rest["items"]], rest["next_cursor"]) == (["人手不够。"], None)
    assert refused(act(house, name, "opinions/1/answer", said), 409, "not_allowed")["reason"] == "opinion_answered"
    assert refused(act(house, name, "opinions/9/answer", said), 404, "not_found")["reason"] == "opinion_unknown"


def test_from_outside_an_amendment_is_there_from_its_announcement_on(house: House) -> None:
    name, token = data_in(house, "approved"), house.file()["consumer_token"]
    said = {"text": "希望夜里也能及时得到答复。"}
    hidden = refused(house.post(f"{LISTED}/{name}/opinions", said, token=token), 404, "not_found")
    unknown = refused(house.post(f"{LISTED}/amendment_999/opinions", said, token=token), 404, "not_found")
    assert {**hidden, "request_id": ""} == {**unknown, "request_id": ""}
    refused(house.post(f"{LISTED}/{name}/opinions", said, "storefront"), 404, "not_found")
    assert refused(act(house, name, "opinions", said), 409, "not_allowed")["values"]["amendment_stage"] == "approved"
    for who in ({"who": "storefront"}, {"token": token}):
        for path in (LISTED, f"{LISTED}/{name}"):
            refused(house.get(path, **who), 403, "forbidden")
        refused(house.get(f"{LISTED}/{name}/opinions", **who), 404, "not_found")


def test_a_link_that_was_replaced_gives_no_opinion_and_reads_none(house: House) -> None:
    name, receipt = data_in(house, "announced"), house.file()
    assert house.do(receipt["complaint_id"], "link", {"send": True}).status == 200
    said = house.post(f"{LISTED}/{name}/opinions", {"text": "太快了。"}, token=receipt["consumer_token"])
    refused(said, 401, "unauthenticated")
    read = house.get(f"{LISTED}/{name}/opinions", token=receipt["consumer_token"])
    refused(read, 401, "unauthenticated")


# ---- what is not shown, and in which language the rest is ------------------------------------------------------------

QUESTION: dict[str, Any] = {
    "id": "how_long",
    "section": "4",
    "asks": {"zh-CN": "受理要多久？", "zh-TW": "受理要多久？", "en": "How long?"},
    "right": dict.fromkeys(("zh-CN", "zh-TW", "en"), "SECRET-RIGHT"),
    "wrong": [dict.fromkeys(("zh-CN", "zh-TW", "en"), f"SECRET-WRONG-{n}") for n in range(2)],
}


def test_the_answers_of_a_quiz_are_shown_to_nobody(house: House) -> None:
    quiz = AMENDMENT | {"changes": {"quiz": [QUESTION], "told_together_minutes": 9}}
    name = data_in(house, "draft")
    name = str(draft(house, quiz)["amendment_id"])
    answers = [
        house.get(f"{LISTED}/{name}", who, Accept_Language=locale)
        for who in (LEGAL, BOSS, "audit.qin")
        for locale in ("zh-CN", "en")
    ]
    answers.append(act(house, name, "submission", {}))
    done(house, data_in(house, "approved"), "announcement", {})
    answers.append(act(house, name, "approval", READ, BOSS))
    assert answers[-1].json["code"] == "stale_base"
    for answer in answers:
        assert "SECRET" not in answer.text
    (asked,) = answers[0].json["changes"]["quiz"]
    assert asked.keys() == {"id", "section", "asks"}


@pytest.mark.parametrize(
    ("headers", "query", "locale", "said"),
    [
        ({}, "", "zh-CN", "24小时 → 12小时"),
        ({"Accept_Language": "zh-TW"}, "", "zh-TW", "24小時 → 12小時"),
        ({"Accept_Language": "zh-TW"}, "?lang=en", "en", "24 hours → 12 hours"),
    ],
)
def test_words_are_in_the_language_of_whoever_reads(
    house: House, headers: dict[str, str], query: str, locale: str, said: str
) -> None:
    name = draft(house)["amendment_id"]
    answer = house.get(f"{LISTED}/{name}{query}", LEGAL, **headers)
    assert answer.headers["content-language"] == locale
    assert said in answer.json["diff"][0]["words"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "changes"),
        ({"colour": "red"}, "changes.colour"),
        ({"version": 9}, "changes.version"),
        ({"clocks": {"received": {"hours": "12"}}}, "changes.clocks.received.hours"),
        ({"clocks": {"received": {"hours": 12, "days": 1}}}, "changes.clocks.received"),
        ({"clocks": None}, "changes.clocks"),
        ({"reopenings": -1}, "changes.reopenings"),
        ({"clocks": {"received": {"hours": 12}}, "quiz": []}, "changes"),
    ],
)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_changes_that_make_no_whole_policy_are_refused_by_field_and_in_the_readers_language(
    house: House, changes: Any, field: str, locale: str
) -> None:
    kept = house.items_kept()
    answer = house.post(LISTED, SHORTER | {"changes": changes}, LEGAL, Accept_Language=locale)
    (fault, *_) = refused(answer, 422, "invalid")["errors"]
    assert fault["field"].startswith(field)
    assert answer.headers["content-language"] == locale
    assert fault["message"].isascii() == (locale == "en")
    assert house.items_kept() == kept


# ---- lists, versions, repetitions ------------------------------------------------------------------------------------


def test_the_newest_amendment_is_the_first_of_the_list_and_a_stage_can_be_asked_for(house: House) -> None:
    names = [data_in(house, stage) for stage in ("draft", "submitted", "announced", "draft")]
    assert [one["amendment_id"] for one in house.get(LISTED, "quality.he").json["items"]] == names[::-1]
    drafts = house.get(f"{LISTED}?stage=draft", "quality.he").json["items"]
    assert [one["amendment_id"] for one in drafts] == [names[3], names[0]]
    assert "diff" not in drafts[0]
    page = house.get(f"{LISTED}?limit=3", "quality.he").json
    rest = house.get(f"{LISTED}?limit=3&cursor={page['next_cursor']}", "quality.he").json
    assert ([one["amendment_id"] for one in rest["items"]], rest["next_cursor"]) == ([names[0]], None)
    refused(house.get(f"{LISTED}?cursor=x", "quality.he"), 400, "malformed")
    refused(house.get(f"{LISTED}?stage=closed", "quality.he"), 422, "invalid", field="stage")


def test_a_request_repeated_under_its_key_is_done_once(house: House) -> None:
    first, again = (house.post(LISTED, SHORTER, LEGAL, Idempotency_Key="draft") for _ in range(2))
    assert again.json == first.json
    assert again.headers["idempotency-replayed"] == "true"
    assert len(house.get(LISTED, LEGAL).json["items"]) == 1
    name = first.json["amendment_id"]
    twice = [act(house, name, "changes", {"reasons": "补充。"}, Idempotency_Key="change") for _ in range(2)]
    assert twice[0].json == twice[1].json
    assert house.get(f"{LISTED}/{name}", LEGAL).json["version"] == 2


def test_who_changes_what_somebody_changed_meanwhile_is_told(house: House) -> None:
    name = data_in(house, "draft")
    done(house, name, "changes", {"reasons": "补充。"}, "legal.tan")
    refused(act(house, name, "changes", {"reasons": "另一种理由。"}, If_Match='"1"'), 412, "stale")


@pytest.mark.parametrize(
    "name", ["amendment_0", "amendment_1", "amendment_01", "amendment_x", "report_1", "7K2M9-XD4FQ"]
)
def test_what_is_the_name_of_no_amendment_is_not_there(house: House, name: str) -> None:
    house.file()
    assert refused(house.get(f"{LISTED}/{name}", LEGAL), 404, "not_found")["reason"] == "amendment_unknown"
    refused(act(house, name, "changes", {"reasons": "a"}), 404, "not_found")


def test_no_record_is_taken_for_one_of_another_kind(house: House) -> None:
    amendment, complaint = data_in(house, "draft"), house.file()["complaint_id"]
    for other in (complaint, "report_daily-2026-10-08-1"):
        refused(act(house, other, "withdrawal", {}), 404, "not_found")
        refused(house.get(f"{LISTED}/{other}/replay", LEGAL), 404, "not_found")
    for other in (complaint, amendment, "nothing_1"):
        refused(house.post(f"/v1/reports/{other}/issue", {}, BOSS), 404, "not_found")
    refused(house.do(amendment, "notes", {"text": "a"}), 404, "not_found")


def test_who_reads_a_replay_learns_how_far_it_has_come(house: House) -> None:
    name = rules_in(house, "draft")
    assert refused(house.get(f"{LISTED}/{name}/replay", LEGAL), 404, "not_found")["reason"] == "replay_unknown"
    done(house, name, "replay", {"from": "2026-09-01", "to": "2026-09-30"})
    view = house.get(f"{LISTED}/{name}/replay", "audit.qin").json
    assert (view["amendment_id"], view["state"], view["current"], view["sum"]) == (name, "running", True, None)
    assert (view["from"], view["to"], view["days"], view["days_done"]) == ("2026-09-01", "2026-09-30", 30, 0)
    assert (view["outcome"]["complaints"], view["outcome"]["most_affected"]) == (0, [])
    done(house, name, "changes", {"changes": {"clocks": {"received": {"hours": 9}}}})
    refused(house.get(f"{LISTED}/{name}/replay", LEGAL), 404, "not_found")  # given up


def test_what_the_stage_does_not_allow_is_answered_with_what_it_does(house: House) -> None:
    name = data_in(house, "draft")
    problem = refused(act(house, name, "announcement", {}), 409, "not_allowed")
    assert problem["reason"] == "amendment_stage_forbids"
    assert set(problem["allowed"]) == {"change_amendment", "replay_amendment", "submit_amendment", "withdraw_amendment"}


def test_the_packaged_data_are_what_every_history_begins_with(house: House) -> None:
    view = draft(house, AMENDMENT)
    assert (view["base"], view["document"]) == (versions.packaged(Operating)[1].version, "operating")
