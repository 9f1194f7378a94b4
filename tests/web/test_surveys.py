"""6.2: the survey of a complaint by its resources: who answers, who reads what was written."""

import json

import pytest

from chalicelib.casework import lines
from chalicelib.casework.read import store
from chalicelib.domain.complaint.complaint import Complaint
from tests.examples import EXAMPLES
from tests.house import House, refused

ANSWER = EXAMPLES["answer_survey"].body
GOOD = ANSWER | {"overall": 5, "solved": "yes"}
SAME = ANSWER | {"words": "后来有人打过一次电话。"}
PHONE = {"channel": "phone"}


@pytest.fixture
def path(house: House) -> tuple[str, str]:
    receipt = house.asked()
    return f"/v1/complaints/{receipt['complaint_id']}/survey", receipt["consumer_token"]


def test_the_consumer_sees_it_answers_and_changes_it(house: House, path: tuple[str, str]) -> None:
    survey, token = path
    before = house.get(survey, token=token).json
    assert (before["state"], before["closure"], before["answer"]) == ("open", 1, None)
    answered = house.post(survey, ANSWER, token=token)
    assert answered.status == 201, answered
    assert answered.json["state"] == "answered"
    assert answered.json["answer"] | ANSWER == answered.json["answer"]
    assert answered.json["changeable_until"]
    assert house.post(survey, GOOD, token=token).json["answer"]["overall"] == 5
    house.pass_time(hours=12)
    refused(house.post(survey, ANSWER, token=token), 409, "not_allowed")


def test_what_was_declined_since_or_is_void_says_no_time_to_change_it(house: House, path: tuple[str, str]) -> None:
    survey, token = path
    house.post(survey, ANSWER, token=token)
    declined = house.post(survey, {"decline": True}, token=token).json
    assert (declined["state"], declined["changeable_until"]) == ("declined", None)
    assert declined["answer"]


def test_what_is_left_out_is_named(house: House, path: tuple[str, str]) -> None:
    survey, token = path
    refused(house.post(survey, {"overall": 5}, token=token), 422, "invalid", field="solved")
    refused(house.post(survey, ANSWER | {"overall": 6}, token=token), 422, "invalid", field="overall")
    refused(house.post(survey, ANSWER | {"decline": True}, token=token), 422, "invalid", field="overall")
    refused(house.post(survey, ANSWER | {"words": "长" * 1001}, token=token), 422, "invalid", field="words")
    refused(house.post(survey, ANSWER | PHONE, token=token), 422, "invalid", field="channel")


def test_asked_before_it_is_not_allowed(house: House) -> None:
    receipt = house.bring_to("closed")
    survey = f"/v1/complaints/{receipt['complaint_id']}/survey"
    problem = refused(house.post(survey, ANSWER, token=receipt["consumer_token"]), 409, "not_allowed")
    assert problem["reason"] == "survey_not_yet"
    assert house.get(survey, "cs.lin").json["state"] == "planned"
    opened = house.file()["complaint_id"]
    assert house.get(f"/v1/complaints/{opened}/survey", "cs.lin").json["state"] == "none"


def test_by_phone_it_is_recorded_by_somebody_who_did_not_take_part(house: House, path: tuple[str, str]) -> None:
    survey, _ = path
    assert refused(house.post(survey, ANSWER | PHONE, "cs.lin"), 403, "forbidden")["reason"] == "took_part"
    recorded = house.post(survey, ANSWER | PHONE, "cs.chen")
    assert (recorded.status, recorded.json["answer"]["by_phone"]) == (201, True)


def test_whoever_took_part_reads_the_numbers_and_no_word(house: House, path: tuple[str, str]) -> None:
    survey, token = path
    house.post(survey, ANSWER, token=token)
    timeline = f"{survey.removesuffix('/survey')}/timeline?limit=100"
    for who, reads in (("cs.lin", False), ("quality.he", False), ("cs.lead", True), ("audit.qin", True)):
        answer = house.get(survey, who).json["answer"]
        assert (answer["overall"], answer["words"]) == (2, ANSWER["words"] if reads else None), who
        assert answer["words_withheld"] == (not reads)
        said = house.get(timeline, who).text
        assert (json.dumps(ANSWER["words"], ensure_ascii=False) in said) == reads, who


def test_the_handler_does_not_look_into_the_answer_about_them(house: House, path: tuple[str, str]) -> None:
    survey, token = path
    review = EXAMPLES["review_survey"].body
    assert refused(house.post(f"{survey}/review", review, "cs.lead"), 409, "not_allowed")["reason"] == "no_low_answer"
    house.post(survey, ANSWER, token=token)
    reviewed = house.post(f"{survey}/review", review, "cs.lead")
    assert reviewed.status == 200
    assert reviewed.json["review"] | review == reviewed.json["review"]
    assert house.get(survey, token=token).json["review"] is None, "what the house found is not the consumer's to read"


def test_answers_are_listed_by_day_as_they_stand(house: House) -> None:
    low, changed, good = (house.asked() for _ in range(3))
    for receipt, bodies in ((low, [ANSWER, SAME]), (changed, [ANSWER, GOOD]), (good, [GOOD])):
        for body in bodies:
            path = f"/v1/complaints/{receipt['complaint_id']}/survey"
            assert house.post(path, body, token=receipt["consumer_token"]).status == 201
        case = store.load_with_entries(receipt["complaint_id"], Complaint)
        for entry in case.entries if case else ():
            lines.write_lines(entry, house.now)

    def listed(query: str = "", who: str = "management.zhou") -> dict[str, int]:
        found: dict[str, int] = {}
        cursor = ""
        while True:
            page = house.get(f"/v1/surveys?limit=1{query}{cursor}", who)
            assert page.status == 200, page
            for one in page.json["items"]:
                assert one["complaint_id"] not in found, "once, however often it was changed"
                found[one["complaint_id"]] = one["answer"]["overall"]
            if page.json["next_cursor"] is None:
                return found
            cursor = f"&cursor={page.json['next_cursor']}"

    ids = [one["complaint_id"] for one in (low, changed, good)]
    assert listed() == dict(zip(ids, (2, 5, 5), strict=True))
    assert listed("&low=true") == {ids[0]: 2}
    assert listed("&from=2026-10-01&to=2026-10-02") == {}
    refused(house.get("/v1/surveys?from=2026-02-30", "management.zhou"), 422, "invalid", field="from")
    refused(house.get("/v1/surveys?from=2026-01-01&to=2026-03-01", "management.zhou"), 422, "invalid", field="from")
    refused(house.get("/v1/surveys", "cs.lin"), 403, "forbidden")
