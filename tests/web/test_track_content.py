"""What a complaint's consumer reads of it and may do, in every state of a life and in each language."""

import json
import re
from datetime import timedelta
from itertools import pairwise
from string import Formatter

import pytest

from chalicelib.domain.complaint import events, submissions
from chalicelib.domain.complaint.decisions import may
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import Feedback, Filing, Information, InterimMeasure, Note
from chalicelib.domain.ground.people import Role
from chalicelib.domain.ground.record import Hidden
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.refusals import LOCALES
from chalicelib.domain.vocabulary.stages import Stage
from chalicelib.domain.vocabulary.terms import Locale, Outcome
from chalicelib.web.pages import acts, page, speech
from chalicelib.web.pages.history import key_of
from chalicelib.web.pages.speech import Speech
from tests import published
from tests.domain.cases import KETTLE, LIN, NUMBER, PHOTOGRAPH, PLAN, REJECTION, WANG, Story, story_in
from tests.house import House

from .piece import LIVES, Element, ask, awaited, keep, later, read, shown, with_files

MARKUP = '<img src=x onerror="alert(1)">{{ 7*7 }}{% raw %}${7*7}\'"&amp;<!-- -->'
ARABIC = "وصلت الغلاية مكسورة.\n\nأريد استرداد المال 59.90."
DAYS_10 = timedelta(days=10)
EMOJI = "👩‍👩‍👧‍👦🏳️‍🌈 שלום"
ENDLESS = "裂" * 5_000


def forms_of(piece: Element) -> dict[str, Element]:
    return {form.given["data-name"]: form for form in piece.all("form")}


def heading(house: House, life: str, query: str = "?lang=en") -> str:
    return shown(house, LIVES[life](), query).one("h1").text


def section(piece: Element, title: str) -> Element:
    """The one that has this heading."""
    [found] = [one for one in piece.all("section") if one.all("h2")[0].text == title]
    return found


# ---- in every state and language -------------------------------------------------------------------------------------


@pytest.fixture(params=LIVES)
def life(request: pytest.FixtureRequest) -> Story:
    return LIVES[request.param]()


def test_the_page_is_sound_in_every_state_and_language_and_has_a_form_for_what_is_allowed_and_for_nothing_else(
    house: House, life: Story
) -> None:
    token = keep(life)
    pieces = {locale: read(ask(house, life, token, f"?lang={locale}").text) for locale in LOCALES}
    allowed = may(life.complaint, WANG, life.now, life.policy).allowed
    expected = {acts.ACTS[one].name if one in acts.ACTS else "files" for one in allowed}
    for locale, piece in pieces.items():
        assert set(forms_of(piece)) == expected
        assert_sound(piece, locale)
    chinese, taiwanese, english = (pieces[locale] for locale in LOCALES)
    assert shape(chinese) == shape(taiwanese) == shape(english), "all languages say the same"
    assert not re.search(r"[A-Za-z_]+\.[a-z_]+\.|None|\{|\[\]", own_words(english)), own_words(english)
    assert not set("投诉") & set(own_words(taiwanese)), "Taiwan has its own characters"


def assert_sound(piece: Element, locale: Locale) -> None:
    """What holds for every page: for people who see it, hear it, and for browsers that let nothing in."""
    given = piece.given
    assert (given["id"], given["lang"], given["data-id"]) == ("complaint", locale, NUMBER)
    ids = [one.given["id"] for one in piece if "id" in one.given]
    assert len(ids) == len(set(ids))
    for one in piece:
        assert not {name for name in one.given if name == "style" or name.startswith("on")}, one
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert set(one.given.get(name, "").split()) <= set(ids), one
        if one.given.get("type") == "radio":
            label, _, group, *_ = one.around
            assert (label.tag, group.given["role"]) == ("label", "radiogroup")
            assert label.text
            assert group.one(id=group.given["aria-labelledby"]).text
            assert f"c-survey-{one.given['name']}-fault" in group.given["aria-describedby"]
        elif one.tag in ("textarea", "input"):
            assert one.given["id"] in [label.given.get("for") for label in piece.all("label")]
            assert f"{one.given['id']}-fault" in ids
        if one.tag == "time":
            assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.given["datetime"])
        if one.tag in ("h1", "h2", "p", "dt", "dd", "li", "button", "summary", "label", "option"):
            empty = one.given.keys() & {"hidden", "id"} or one.given.get("class") in ("fault", "refusal")
            assert one.text or empty, one
    levels = [int(one.tag[1]) for one in piece if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for form in piece.all("form"):
        assert form.one("p", class_="refusal", role="alert").given["hidden"] == ""
        assert form.one("p", class_="done").text
        assert "data-files" in form.given or json.loads(form.given["data-body"]) is not None
    current = [one for one in piece if one.given.get("aria-current") == "step"]
    assert len(current) == len(piece.all("ol", class_="steps")), "of a merged complaint the other's steps count"


def shape(piece: Element) -> list[tuple[str, str]]:
    return [(one.tag, one.given.get("data-name", "")) for one in piece if one.tag not in ("time", "bdi")]


def own_words(piece: Element) -> str:
    """What the page says itself: nothing that anybody typed, nor what languages call themselves."""
    said = [one for one in piece if not [inner for inner in one if isinstance(inner, Element)]]
    typed = ("typed", "languages")
    return "\n".join(
        one.text
        for one in said
        if not {up.given.get("class") for up in (one, *one.around)} & {*typed} and not one.all(class_="typed")
    )


def test_whatever_a_consumer_may_do_in_some_stage_the_page_has_a_form_for() -> None:
    by_themselves = {Action.ADD_EVIDENCE, Action.ANSWER_SURVEY, Action.DECLINE_SURVEY}
    assert {*acts.ACTS} | by_themselves == set(LIFECYCLE.actions_of(frozenset({Role.CONSUMER})))


def test_the_longest_that_a_field_takes_is_what_the_resource_takes(house: House) -> None:
    piece = shown(house, LIVES["rejected"]())
    longest = {one.given["id"]: one.given["maxlength"] for one in piece.all("textarea")}
    assert longest == {"c-object": "5000", "c-review": "5000", "c-information": "5000", "c-withdraw": "2000"}
    assert acts.longest(submissions.Reopening, "reason") == 5_000


def test_a_form_names_the_resource_the_round_and_what_it_needs_to_have_seen(house: House) -> None:
    forms = forms_of(shown(house, LIVES["adjusted"]()))
    sent = {
        name: (one.given["data-post"], json.loads(one.given["data-body"]))
        for name, one in forms.items()
        if name != "files"
    }
    here = f"/v1/complaints/{NUMBER}"
    assert sent == {
        "accept": (f"{here}/feedback", {"satisfied": True, "round": 2}),
        "object": (f"{here}/feedback", {"satisfied": False, "round": 2}),
        "information": (f"{here}/information", {}),
        "withdraw": (f"{here}/withdrawal", {}),
    }
    assert [name for name, one in forms.items() if "data-match" in one.given] == ["accept", "withdraw"]
    assert [one.given["name"] for one in forms["withdraw"].all("textarea", data_optional="")] == ["reason"]


def test_what_a_form_sends_is_taken(house: House) -> None:
    story = LIVES["rejected"]()
    token = keep(story)
    for name in ("information", "review"):
        piece = read(ask(house, story, token).text)
        form = forms_of(piece)[name]
        field = form.one("textarea").given["name"]
        body = json.loads(form.given["data-body"]) | {field: "请再看一下。"}
        assert house.post(form.given["data-post"], body, token=token).status in (200, 201)


# ---- the one sentence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "sentence"),
    [
        (
            "received",
            "We will accept your complaint and let you know by 15:40 on Saturday, 10 October 2026 (China time).",
        ),
        ("received, overdue", "We should have accepted your complaint by 15:40 on Saturday, 10 October 2026"),
        ("investigating", "We are looking into it and will finish by the end of Tuesday, 13 October 2026"),
        ("investigating, overdue", "We should have finished our investigation by the end of Tuesday"),
        ("asked", "Please answer our question by 15:40 on Thursday, 15 October 2026"),
        ("asked long ago", "We should have finished our investigation by"),
        ("planning", "We are working on a plan and will send it to you by the end of Monday, 12 October 2026"),
        ("planning, overdue", "We should have sent you a plan by the end of Monday"),
        ("extended", "We are working on a plan and will send it to you by the end of Wednesday, 14 October 2026"),
        ("awaited", "Our plan is ready: please answer it by the end of Monday, 26 October 2026"),
        ("awaited, late", "The time to answer ended at the end of Monday, 26 October 2026"),
        ("awaited, being read", "We are reading what you sent since the plan"),
        ("objected", "We are adjusting the plan to what you told us and will send it to you by the end of Monday"),
        ("reviewed", "Another person is deciding anew and will send you a new plan by the end of Thursday"),
        ("accepted", "your complaint is closed; we will do the rest of what we promised by the end of Wednesday"),
        ("accepted, measures done", "your complaint is closed, and all that we promised is done"),
        (
            "accepted, measures late",
            "Your complaint is closed, but we have not yet done all that we promised to do by the end of Wednesday",
        ),
        ("lapsed", "We do not take that to mean that you are satisfied."),
        ("withdrawn", "Your complaint is withdrawn"),
        (
            "rejected",
            "Our plan is ready, but it does not give you what you asked for: please answer it by the end of Monday",
        ),
        ("reopened", "Your complaint is taken up again; we will send you a new plan by the end of Tuesday"),
        ("reopened often, awaited", "Our plan is ready: please answer it by"),
        ("merged", "Your complaint is handled together with another one; we will let you know"),
        ("merged, ended", "The complaint with which yours was handled has ended."),
    ],
)
def test_the_heading_says_what_happens_next_and_by_when(house: House, life: str, sentence: str) -> None:
    assert sentence in heading(house, life)


def test_a_date_that_may_move_is_said_to(house: House) -> None:
    assert "这个日期可能会调整" in shown(house, LIVES["of a year to come"]()).one("header").text


# ---- questions and plans ---------------------------------------------------------------------------------------------


def test_our_question_stands_with_its_form_and_there_is_no_second_one_to_write_in(house: House) -> None:
    piece = shown(house, LIVES["asked"]())
    asked = section(piece, "需要您补充的信息")
    assert "请提供壶底的批号。" in asked.text
    assert asked.one("form").given["data-post"].endswith("/information")
    assert "补充说明" not in [one.text for one in piece.all("h2")]


def test_files_are_chosen_next_to_the_question_that_may_be_about_them(house: House) -> None:
    headings = [one.text for one in shown(house, LIVES["asked"]()).all("h2")]
    assert headings[:3] == ["需要您补充的信息", "照片和文件", "处理进度"]


def test_what_was_recorded_for_a_consumer_is_said_after_what_it_was(house: House) -> None:
    plan = section(shown(house, LIVES["accepted on the phone"]()), "您接受的处理方案").text
    assert plan.index("接受了这个方案。") < plan.index("这是客服按您所说登记的。")


def test_a_question_that_nobody_waits_for_any_more_can_still_be_answered(house: House) -> None:
    added = section(shown(house, LIVES["asked long ago"]()), "补充说明")
    assert "您现在仍可以回答" in added.text
    assert "请提供壶底的批号。" in added.text


def test_a_plan_is_said_in_full(house: House) -> None:
    plan = PLAN.model_copy(update={"evidence": ("1",), "reasons": "壶身在运输中开裂。"})
    story = story_in(Stage.PLANNING).do(Action.ADD_EVIDENCE, LIN)
    staffs = PHOTOGRAPH.model_copy(update={"added_by": "staff", "file_name": "检测报告.jpg"})
    said = section(shown(house, story.found(staffs).do(Action.PROPOSE_PLAN, submission=plan)), "处理方案")
    for part in (
        "我们为您全额退款。",
        "退款（59.90 元）：全额退款",
        "您接受方案后5天内",
        "退款到账后回访",
        "壶身在运输中开裂。",
    ):
        assert part in said.text
    assert "《中华人民共和国消费者权益保护法》第二十四条" in said.text
    assert "查看 检测报告.jpg" in said.one("li", data_file="1").one("button").text


def test_accepting_takes_a_second_tap_that_says_what_it_means(house: House) -> None:
    accept = shown(house, LIVES["awaited"]()).one("details", data_answer="accept")
    assert "open" not in accept.given
    assert "接受后，这件投诉即办结" in accept.text
    assert "5天内完成处理和后续措施" in accept.text
    assert "办结后30天内" in accept.text


def test_who_has_had_it_reopened_three_times_is_told_before_accepting(house: House) -> None:
    accept = shown(house, LIVES["reopened often, awaited"]()).one("details", data_answer="accept")
    assert "已经重新处理过3次，办结后如要再次处理，需联系客服" in accept.text
    assert "办结后30天内" not in accept.text


def test_and_after_it_whom_to_ask(house: House) -> None:
    piece = shown(house, LIVES["reopened often"]())
    assert "联系客服，由客服主管决定" in section(piece, "问题没有解决？").text
    assert "reopen" not in forms_of(piece)


def test_who_is_refused_is_told_why_how_to_have_another_person_decide_and_where_else_to_go(house: House) -> None:
    piece = shown(house, LIVES["rejected"]())
    plan = section(piece, "处理方案")
    assert "您的诉求我们未能满足" in plan.text
    assert "已超过七天无理由退货期限。" in plan.text
    review = plan.one("details", data_answer="review")
    assert "每件投诉以一次为限" in review.text
    assert "15天内也可以提出" in review.text
    assert "5个工作日内给您新的方案" in review.text
    assert "12315" in section(piece, "其他解决途径").text


@pytest.mark.parametrize("life", ["received, overdue", "lapsed", "rejected", "accepted, measures late"])
def test_the_ways_outside_are_named_whenever_it_was_refused_lapsed_or_late(house: House, life: str) -> None:
    assert len(section(shown(house, LIVES[life]()), "其他解决途径").all("li")) == len(spoken.ROUTES)


@pytest.mark.parametrize("life", ["received", "awaited", "accepted", "withdrawn"])
def test_else_they_are_not(house: House, life: str) -> None:
    assert "其他解决途径" not in [one.text for one in shown(house, LIVES[life]()).all("h2")]


def test_earlier_plans_are_folded_with_what_the_consumer_said_to_them(house: House) -> None:
    before = section(shown(house, LIVES["adjusted"]()), "此前的方案").one("details")
    assert "open" not in before.given
    assert before.one("summary").text.startswith("第1个方案，2026年10月9日")
    assert "没有接受这个方案，您的意见：" in before.text
    assert "太慢了。" in before.text


def test_promised_measures_stand_with_their_dates(house: House) -> None:
    title = "我们承诺的后续措施"
    assert "2026年10月14日（星期三）24:00前完成" in section(shown(house, LIVES["accepted"]()), title).text


@pytest.mark.parametrize(
    ("life", "said"), [("accepted, measures done", "已于"), ("accepted, measures late", "现已超期")]
)
def test_of_a_measure_is_said_that_it_is_done_or_late(house: House, life: str, said: str) -> None:
    assert said in section(shown(house, LIVES[life]()), "我们承诺的后续措施").text


# ---- the link that was opened ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "answer"),
    [("awaited", "accept"), ("awaited", "object"), ("rejected", "review"), ("accepted", "reopen")],
)
def test_a_link_opens_the_form_that_it_names_and_does_nothing(house: House, life: str, answer: str) -> None:
    story = LIVES[life]()
    before = len(story.entries)
    piece = shown(house, story, f"?round=1&answer={answer}")
    assert [one.given["data-answer"] for one in piece.all("details") if "open" in one.given] == [answer]
    assert sum("entry" in item for item in house.items()) == before


def test_the_link_of_a_plan_that_was_replaced_says_so_and_opens_nothing(house: House) -> None:
    piece = shown(house, LIVES["adjusted"](), "?round=1&answer=accept")
    assert "那个方案已被替换" in piece.one("header").text
    assert not [one for one in piece.all("details") if "open" in one.given]
    assert json.loads(forms_of(piece)["accept"].given["data-body"])["round"] == 2


def test_the_link_of_a_plan_that_was_answered_says_what_was_answered(house: House) -> None:
    assert "您已在2026年10月9日" in shown(house, LIVES["accepted"](), "?round=1&answer=object").one("header").text


@pytest.mark.parametrize(
    ("life", "answer"), [("lapsed", "accept"), ("closed long ago", "reopen"), ("awaited", "review")]
)
def test_a_link_to_what_is_not_possible_says_why(house: House, life: str, answer: str) -> None:
    story = LIVES[life]()
    piece = shown(house, story, f"?answer={answer}")
    reason = may(story.complaint, WANG, story.now, story.policy).why_not[acts.BY_NAME[answer]]
    assert reason
    assert not [one for one in piece.all("details") if "open" in one.given]
    assert len(piece.one("header").all("p", class_="note")) >= 1


# ---- safety, delivery, files, mergers --------------------------------------------------------------------------------


def test_what_to_do_in_danger_stands_before_all_else_and_stays_there_whatever_is_said_after(house: House) -> None:
    story = LIVES["in danger"]()
    for n in range(30):
        story.do(Action.GIVE_INFORMATION, WANG, Information(text=f"第{n}次。"))
    piece = shown(house, story)
    first = piece.all("section")[0]
    assert first.given["class"] == "safety"
    assert "请先停用水壶，我们上门取件。" in first.text


@pytest.mark.parametrize(("life", "nothing"), [("investigating", True), ("in danger", False)])
def test_nobody_who_is_to_do_something_for_safety_is_told_that_there_is_nothing_to_do(
    house: House, life: str, nothing: bool
) -> None:
    assert ("您现在不需要做什么" in shown(house, LIVES[life]()).text) is nothing


def test_several_measures_stand_the_newest_first(house: House) -> None:
    story = LIVES["in danger"]().do(Action.TAKE_INTERIM_MEASURE, LIN, InterimMeasure(text="请不要插电。"))
    said = [one.text for one in shown(house, story).all("section")[0].all("p", class_="typed")]
    assert said == ["请不要插电。", "请先停用水壶，我们上门取件。"]


def test_the_delivery_is_told(house: House) -> None:
    told = section(shown(house, LIVES["delivered late"]()), "物流状态")
    for part in ("配送延误", "因大雪延误两天。", "顺丰速运", "SF1020"):
        assert part in told.text


def test_files_are_listed_with_what_became_of_them(house: House) -> None:
    files = section(shown(house, with_files()), "照片和文件")
    said = [
        (one.given["data-file"], one.given["data-status"], one.text)
        for one in files.all("li")
        if "data-file" in one.given
    ]
    assert [one[:2] for one in said] == [("1", "received"), ("2", "refused"), ("3", "offered")]
    assert "查看 裂缝.jpg 已收到" in said[0][2]
    assert "未能接收" in said[1][2]
    assert spoken.REFUSALS["archive"]["zh-CN"] in said[1][2]
    assert "尚未传完，或正在检查" in said[2][2]
    assert files.all("li", data_file="2")[0].all("button") == []


def test_the_form_for_files_says_its_limits_and_how_many_are_left(house: House) -> None:
    piece = shown(house, with_files())
    form = forms_of(piece)["files"]
    assert form.given["data-largest"] == "20971520"
    assert "每个不超过20 MB，还可以上传18个" in form.text
    assert form.given["data-most"] == "21", "three are listed, 18 may come"
    taken = form.one("input").given["accept"].split(",")
    assert {"image/jpeg", ".heic", "application/pdf", ".docx"} <= set(taken)
    assert "capture" not in form.one("input").given
    row = piece.one("template", id="file-row")
    assert {one.given["data-state"] for one in row.all("span")} == {"waiting", "sending", "sent", "failed"}
    assert {one.given["data-fault"] for one in row.all("p", class_="fault")} == {
        "too_large",
        "empty",
        "not_a_type_we_take",
        "too_many",
    }


def test_a_merged_complaint_says_with_which_it_is_handled_and_what_is_still_possible(house: House) -> None:
    piece = shown(house, LIVES["merged, planned"]())
    assert "合并处理" in piece.one("h1").text
    assert "AAAAA-AAAAA" in piece.one("header").text
    assert "照片和资料仍可在这里上传" in piece.one("header").text
    plan = section(piece, "两件投诉共同的处理方案")
    assert "我们为您全额退款。" in plan.text
    assert "方案获接受后5天内" in plan.text, "it is not this consumer who accepts it"
    assert "您无需答复" in plan.text
    assert not plan.all("form")


def test_once_the_other_has_ended_it_can_be_taken_up_again(house: House) -> None:
    piece = shown(house, LIVES["merged, ended"]())
    assert "可以在2026年11月9日（星期一）24:00前要求重新处理" in piece.one("header").text
    assert "reopen" in forms_of(piece)


@pytest.mark.parametrize(
    ("life", "said"),
    [("accepted on the phone", "记录您接受处理方案"), ("withdrawn on the phone", "记录您撤回投诉")],
)
def test_who_did_not_do_it_themselves_is_told_what_to_do_if_it_is_not_so(house: House, life: str, said: str) -> None:
    assert said in shown(house, LIVES[life]()).one("header").text


# ---- what happened ---------------------------------------------------------------------------------------------------

PUBLIC = [kind for kind in events.KINDS if kind.public_face is not Hidden.public_face]
BOTH = (
    "PlanAccepted",
    "PlanObjectedTo",
    "ReviewRequested",
    "ComplaintWithdrawn",
    "ComplaintReopened",
    "InformationGiven",
)
"""What a consumer does, or staff for a caller."""


@pytest.mark.parametrize("locale", LOCALES)
def test_every_kind_that_the_consumer_sees_has_a_sentence(locale: Locale) -> None:
    say = Speech(locale, "Asia/Shanghai")
    for kind in PUBLIC:
        names = ("storefront", "staff") if kind is events.ComplaintFiled else ("consumer", "staff")
        found = {by: key_of(kind.__name__, by, say) for by in names}
        assert all(map(say.knows, found.values())), kind
        told_apart = kind.__name__ in BOTH or kind is events.ComplaintFiled
        assert (len(set(found.values())) == 2) == told_apart, kind
    known = {
        key.split(".")[1]
        for key in speech.words(locale)
        if key.startswith("history.") and key.split(".")[1][0].isupper()
    }
    assert known == {kind.__name__ for kind in PUBLIC}, "and none is left over"


def test_history_is_told_the_newest_first_with_what_was_said(house: House) -> None:
    story = (
        later(awaited(), hours=1).do(Action.OBJECT_TO_PLAN).do(Action.NOTE, LIN, Note(text="已联系仓库。", public=True))
    )
    said = [one.text for one in shown(house, story).one("ol", class_="history").all("li")]
    assert [one.partition(" ")[2] for one in said] == [
        "我们给您留言：已联系仓库。",
        "您没有接受处理方案，提出了意见：太慢了。",
        "我们将处理方案发给您确认。",
        "我们完成了调查。",
        "我们受理了您的投诉。我们已受理。",
        "您提交了投诉。",
    ]


def test_nothing_internal_is_told(house: House) -> None:
    story = story_in(Stage.INVESTIGATING).do(Action.NOTE, LIN, Note(text="像是惯犯。")).do(Action.ASSIGN)
    story.do(Action.REPORT).do(Action.PROPOSE_PLAN, submission=PLAN.model_copy(update={"amount_reason": "含检测费。"}))
    html = ask(house, story, keep(story)).text
    for word in (
        "像是惯犯",
        "cs.",
        "cs.chen",
        "含检测费",
        "运输中受到挤压",
        "照片显示壶身开裂",
        "AS-2026-0042",
        "王芳",
    ):
        assert word not in html


def long_told() -> Story:
    story = Story()
    for n in range(300):
        story.do(Action.NOTE, LIN, Note(text=f"第{n}条。", public=True))
    return story


def test_of_a_long_history_the_newest_is_there_in_one_round_trip_and_a_button_gets_the_rest(house: House) -> None:
    story = long_told()
    token = keep(story)
    with house.counting() as calls:
        answer = ask(house, story, token)
    assert [one for one in calls if one != "dynamodb:Query"] == []
    seen, pieces = [], [read(answer.text)]
    while True:
        piece = pieces[-1]
        seen += [
            one.all("p", class_="typed")[0].text
            for one in piece.one("ol", class_="history").all("li")
            if one.all("p", class_="typed")
        ]
        more = [one.given["data-more"] for one in piece.all("button") if "before=" in one.given.get("data-more", "")]
        if not more:
            break
        pieces.append(read(house.get(more[0], token=token).text))
    assert seen == [f"第{n}条。" for n in reversed(range(300))]
    assert len(pieces) == 2
    assert pieces[1].one("h1").text == pieces[0].one("h1").text
    assert [one.text for one in pieces[1].all("button") if one.given.get("data-more")] == ["回到最新的记录"]


def test_a_history_of_long_messages_has_an_end(house: House) -> None:
    story = Story()
    for _ in range(20):
        story.do(Action.GIVE_INFORMATION, WANG, Information(text=ENDLESS))
    html = ask(house, story, keep(story)).text
    assert len(html.encode()) < 200_000
    assert "before=" in html


@pytest.mark.parametrize("before", ["0", "1", "-5", "999999999999", "9" * 2_000, "x"])
def test_what_is_no_entry_to_go_on_from_is_nobodys_fault(house: House, before: str) -> None:
    story = Story()
    token = keep(story)
    answer = ask(house, story, token, f"?before={before}")
    assert answer.status == 200
    assert answer.text == ask(house, story, token).text


# ---- what people type ------------------------------------------------------------------------------------------------


def hostile(text: str) -> Story:
    line = text.replace("\n", " ")[:64]
    filing = Filing.model_validate(dict(KETTLE) | {"order_number": line, "product_name": line, "description": text})
    plan = REJECTION.model_copy(
        update={
            "summary": text,
            "reasons": text,
            "follow_up_measures": (text[:2000],),
            "methods": tuple(one.model_copy(update={"detail": text[:2000]}) for one in REJECTION.methods),
            "basis": (submissions.Basis(law=line, article=line),),
        }
    )
    story = Story(filing).do(Action.ACKNOWLEDGE, LIN, submissions.Acknowledgement(message=text[:2000]))
    story.do(Action.REQUEST_INFORMATION, LIN, submissions.InformationRequest(question=text[:2000]))
    story.do(Action.GIVE_INFORMATION, WANG, Information(text=text)).do(Action.REPORT)
    story.do(Action.ADD_EVIDENCE).found(PHOTOGRAPH.model_copy(update={"file_name": line, "description": text[:500]}))
    story.do(Action.PROPOSE_PLAN, LIN, plan)
    return story.do(Action.OBJECT_TO_PLAN, WANG, Feedback(satisfied=False, opinion=text)).do(
        Action.PROPOSE_PLAN, LIN, plan
    )


@pytest.mark.parametrize("text", [MARKUP, ARABIC, EMOJI, ENDLESS])
def test_what_people_type_is_text_in_every_place_and_read_as_it_runs(house: House, text: str) -> None:
    piece = shown(house, hostile(text))
    assert_sound(piece, "zh-CN")
    assert not piece.all("img")
    typed = [one for one in piece if one.given.get("class") == "typed"]
    assert all(one.given["dir"] == "auto" for one in typed)
    assert not [one for one in typed if one.all()], "nothing that is typed is an element"
    whole = [one for one in typed if one.raw == text]
    assert len(whole) >= 4, "to the letter, with its lines"


def test_on_a_page_in_another_language_what_was_typed_is_marked_with_that_of_the_complaint(house: House) -> None:
    story = awaited()
    token = keep(story)
    english, own = (read(ask(house, story, token, query).text) for query in ("?lang=en", ""))
    assert {one.given.get("lang") for one in english.all(class_="typed")} == {"zh-CN"}
    assert {one.given.get("lang") for one in own.all(class_="typed")} == {None}
    assert [one.given["lang"] for one in english.one("nav").all("button")] == list(LOCALES)
    assert english.one("nav").one("button", aria_pressed="true").text == "English"


def test_without_a_language_in_the_query_it_is_the_complaints(house: House) -> None:
    story = Story(KETTLE.model_copy(update={"locale": "zh-TW"}))
    piece = shown(house, story)
    assert piece.given["lang"] == "zh-TW"
    assert "申訴" in piece.one("h1").text


# ---- the words -------------------------------------------------------------------------------------------------------


def test_all_languages_have_the_same_sentences_with_the_same_values_and_no_markup() -> None:
    fields = {
        locale: {
            key: sorted({name for _, name, _, _ in Formatter().parse(sentence) if name})
            for key, sentence in speech.words(locale).items()
        }
        for locale in LOCALES
    }
    assert fields["zh-CN"] == fields["zh-TW"] == fields["en"]
    for locale in LOCALES:
        for key, sentence in speech.words(locale).items():
            assert not set("<>&") & set(sentence), key
            assert "你" not in sentence, key


def test_what_they_think_of_an_amendment_is_asked_while_it_is_announced_and_not_before_or_after(house: House) -> None:
    """And of no packaged version, which nobody amended; here version 2 is one of these, and to come."""
    story = Story()
    token = keep(story)
    rules_of_3 = versions.packaged(Rules)[2].model_copy(update={"version": 3, "effective_from": story.now + DAYS_10})
    assert not [name for name in forms_of(read(ask(house, story, token, "").text)) if name.startswith("amendment")]
    published.publish(rules_of_3, story.now, amendment="amendment_1", hash="5" * 64)
    asked = read(ask(house, story, token, "").text)
    form = forms_of(asked)["amendment_1"]
    assert form.given["data-post"] == "/v1/policy/amendments/amendment_1/opinions"
    assert form.one("textarea").given["maxlength"] == "2000"
    assert "对制度修改提意见（第3版）" in asked.text
    assert "/policy/versions/3?lang=zh-CN" in [link.given.get("href") for link in asked.all("a")]
    published.withdraw(rules_of_3, story.now)
    assert "amendment_1" not in forms_of(read(ask(house, story, token, "").text))


def test_every_sentence_is_used_and_none_stands_elsewhere() -> None:
    templates = [page.HERE / "templates" / "content.html", *(page.HERE / "templates" / "content").glob("*")]
    markup = "".join(one.read_text("utf-8") for one in templates)
    assert markup.isascii()
    text = markup + "".join(one.read_text("utf-8") for one in page.HERE.glob("*.py"))
    made = ("head.", "steps.", "history.", "plan.answered.", "note.answered.", "plan.title.", "survey.", "note.survey.")
    ends = {
        f"{name}.{end}"
        for name in (*acts.BY_NAME, "question", "amendment")
        for end in ("label", "hint", "send", "done")
    }
    ends |= {f"files.{how}" for how in ("waiting", "sending", "sent", "failed", "received", "refused", "offered")}
    for key in speech.words("en").keys() - ends - {"information.hint.plan"}:
        assert f'"{key}"' in text or key.startswith(made), key
    stages = {f"head.{stage}" for stage in Stage if stage is not Stage.CLOSED}
    heads = {key for key in speech.words("en") if key.startswith("head.") and f'"{key}"' not in text}
    assert stages <= heads
    assert {key.split(".")[1] for key in heads} == {key.split(".")[1] for key in stages} | set(Outcome)


def test_what_they_told_us_stands_there_as_they_told_it(house: House) -> None:
    told = section(shown(house, Story()), "您的投诉内容").one("dl")
    pairs = dict(zip((one.text for one in told.all("dt")), (one.text for one in told.all("dd")), strict=True))
    assert pairs == {
        "订单号": "E20261009-0042",
        "商品": "电热水壶 1.7L",
        "商家": "云杉家电旗舰店",
        "投诉类别": "售后服务",
        "您希望的处理方式": "退款",
        "涉及金额": "59.90 元",
        "提交时间": "2026年10月9日（星期五）15:40",
        "问题描述": "收到就是裂的，客服一直不给换。",
    }


def steps_of(piece: Element) -> list[str]:
    return [one.text for one in piece.one("ol", class_="steps").all("li")]


def test_the_steps_say_in_words_how_far_it_has_come(house: House) -> None:
    said = steps_of(shown(house, LIVES["planning"]()))
    assert said == ["受理投诉 已完成", "调查 已完成", "拟定处理方案 进行中", "您答复方案 尚未开始", "办结 尚未开始"]


def test_of_what_was_taken_back_early_the_steps_say_what_was_left_out(house: House) -> None:
    said = steps_of(shown(house, LIVES["withdrawn"]()))
    assert said == ["受理投诉 未进行", "调查 未进行", "拟定处理方案 未进行", "您答复方案 未进行", "办结 已撤回"]


def test_the_foot_says_whose_page_it_is_and_where_the_rest_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story()
    token = keep(story)
    foot = read(ask(house, story, token).text).one("footer")
    assert foot.one("a", href="mailto:complaints@example.com")
    assert [one.given["href"] for one in foot.all("a")][1:] == ["/privacy#zh-CN", "/policy?lang=zh-CN"]
    assert foot.one("button", data_print="")
    house.set(
        monkeypatch, REDRESS_PRIVACY_URL="https://www.shop.example/privacy", REDRESS_SERVICE_PHONE="010 (810) 0000"
    )
    again = read(ask(house, story, token).text)
    assert again.one("footer").one("a", href="tel:0108100000").text == "010 (810) 0000"
    assert again.one("footer").one("a", href="https://www.shop.example/privacy")


def test_the_version_that_it_shows_is_its_tag(house: House) -> None:
    story = awaited()
    answer = ask(house, story, keep(story))
    assert answer.headers["etag"].startswith(f'"{story.complaint.version}')
    assert read(answer.text).given["data-version"] == str(story.complaint.version)
    assert answer.headers["cache-control"] == "no-store"
