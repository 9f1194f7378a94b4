"""The survey (6.2): what follows where a consumer says how it was, or that they want not to be asked, and who looks
into a low answer.

Each closure after a plan has one, unless it is merged. It begins with the closure's own clock and ends with the stage:
whoever reopens the complaint is asked anew once it is closed again.
"""

from chalicelib.domain.complaint import clocks, events, parts, submissions
from chalicelib.domain.complaint.draft import Draft
from chalicelib.domain.complaint.guards import Attempt
from chalicelib.domain.vocabulary.ladders import ASKING, SURVEY_ANSWER, SURVEY_REVIEW


def answer(draft: Draft, attempt: Attempt) -> None:
    """A low one is to be looked into; one that is changed, and is low no more, is not."""
    it: submissions.SurveyAnswer = attempt.submission
    complaint, survey = draft.complaint, _survey(draft)
    review = complaint.clock(clocks.named(SURVEY_REVIEW, survey.closure))
    clock, stops = None, complaint.numbers([SURVEY_ANSWER])
    if it.is_low and review is None and survey.reviewed is None:
        clock = clocks.survey_review_clock(complaint, survey.closure, draft.now, draft.policy)
    if review and not it.is_low:
        stops = (*stops, review.number)
    first = survey.answered_at is None
    answered = events.SurveyAnswered(closure=survey.closure, answer=it, first=first, stops=stops, clock=clock)
    draft.add(answered, attempt.actor)


def decline(draft: Draft, attempt: Attempt) -> None:
    stops = draft.complaint.numbers(ASKING)
    draft.add(events.SurveyDeclined(closure=_survey(draft).closure, stops=stops), attempt.actor)


def review(draft: Draft, attempt: Attempt) -> None:
    low = draft.complaint.survey_to_review
    assert low is not None  # noqa: S101 — a guard has seen to it
    stops = draft.complaint.numbers([clocks.named(SURVEY_REVIEW, low.closure)])
    draft.add(events.SurveyReviewed(closure=low.closure, review=attempt.submission, stops=stops), attempt.actor)


def _survey(draft: Draft) -> parts.Survey:
    survey = draft.complaint.survey
    assert survey is not None  # noqa: S101 — a guard has seen to it
    return survey
