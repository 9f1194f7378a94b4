"""What the consumer says by what happened: in it dangers are looked for, and names of staff."""

from chalicelib.domain.complaint import events
from chalicelib.domain.ground.chain import Entry


def said(entry: Entry) -> str | None:
    """Their words, whether they or whoever recorded them for a caller; None: they said nothing.

    The description of a file is theirs unless staff added it. What staff write of a call is not theirs.
    """
    event = entry.event
    match event:
        case events.ComplaintFiled():
            return event.filing.description
        case events.InformationGiven():
            return event.information.text
        case events.PlanAccepted() | events.PlanObjectedTo():
            return event.feedback.opinion
        case events.ReviewRequested():
            return event.request.reason
        case events.ComplaintReopened():
            return event.reopening.reason
        case events.ComplaintWithdrawn():
            return event.withdrawal.reason
        case events.SurveyAnswered():
            return event.answer.words
        case events.EvidenceOffered():
            return None if entry.actor.kind == "staff" else event.offer.description
    return None
