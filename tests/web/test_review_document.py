"""A management review as a document: all that there was to look at is in it, in each language, and no code of ours."""

import re
from datetime import date

import pytest

from chalicelib.domain.supervision import management_review as reviews
from chalicelib.domain.supervision.figures import Bottleneck, Figure
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.reporting import review_page
from tests.casework.told import LOCALES
from tests.domain.cases import POLICY
from tests.domain.supervision.test_management_review import DONE, HE, ZHOU, Story, china, minutes

FIGURES = {
    "M01": Figure(n=5120, value=5120),
    "M16": Figure(n=4800, value=3.2, unit="per_100"),
    "M20": Figure(n=820, value=0.87, unit="share"),
}
BEFORE = {"M01": Figure(n=4900, value=4900), "M20": Figure(n=700, value=0.82, unit="share")}
FINDINGS = {"critical": 1, "major": 2, "minor": 3, "observation": 4}


def page(locale: Locale) -> str:
    """Of a review that is held, with a measure done and one late."""
    story = Story()
    story.do(minutes(date(2026, 7, 6), "quality.he", "cs.lead"), ZHOU, china(7, 6))
    story.do(DONE, HE, china(7, 20), "1")
    shared = {"owner": "cs.lead", "due": date(2026, 4, 30)}
    audit = {"stage": "published", "period": "2026Q1", "findings": FINDINGS, "open": 1}
    inputs = reviews.Inputs(
        review_id="review_2026H1",
        half=story.state.half,
        prepared_at=china(7, 3),
        policy_version=2,
        performance=reviews.Performance(
            report_id="report_half_yearly-2026-H1-1",
            hash="ab",
            figures=FIGURES,
            before=BEFORE,
            bottleneck=Bottleneck(stage="investigating", waits_for="handler", share=0.41),
        ),
        audits=(
            reviews.AuditLookedAt(
                audit_id="audit_2026Q1-1", size=46, deviating=2, limit="13.2", supported=False, **audit
            ),
            reviews.AuditLookedAt(audit_id="audit_2026Q2-1", stage="draft", period="2026Q2"),
        ),
        actions=(
            reviews.ActionLookedAt(
                record="review_2025H2", number=1, what="客服增加晚班", missed=True, moves="M05", **shared
            ),
            reviews.ActionLookedAt(
                record="report_monthly-2026-05-1",
                number=2,
                what="每日两次答复",
                missed=False,
                done_at=china(4, 20),
                **shared,
            ),
        ),
        changes=(reviews.ChangeLookedAt(amendment_id="amendment_3", document="rules", stage="in_force", number=2),),
        policy_reviews=(1, 2),
        training=tuple(
            reviews.TrainingLookedAt(topic=topic, given=3, done=2, late=1)
            for topic in ("conduct", "deadlines", "accountability", "policy", "newcomer")
        ),
    )
    return review_page.as_html(story.state, inputs, locale, POLICY, date(2026, 12, 1))


@pytest.mark.parametrize("locale", LOCALES)
def test_all_that_there_was_to_look_at_is_in_it(locale: Locale):
    text = re.sub(r"<[^>]+>", " ", page(locale).partition("</style>")[2])
    for said in ("5,120", "87.0%", "13.2", "audit_2026Q1-1", "客服增加晚班", "amendment_3", "1, 2", "quality.he"):
        assert said in text, said
    assert not re.findall(r"mr\.|None|\{|in_force|published|newcomer|M0\d", text.replace("report_", ""))


def test_a_page_of_nothing_says_so():
    story = Story()
    inputs = reviews.Inputs(review_id="review_2026H1", half=story.state.half, prepared_at=china(7, 3), policy_version=1)
    text = review_page.as_html(story.state, inputs, "en", POLICY, date(2026, 7, 4))
    assert "It has not been held yet." in text
    assert "There is no report of this half-year." in text
