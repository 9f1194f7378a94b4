"""The complaints of the contract: filing, reading, queues."""

from chalicelib.casework import evidence, file, filed, read, search
from chalicelib.domain.complaint import faces
from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.web import part_views, views
from chalicelib.web.bodies import ComplaintBody, ComplaintsQuery, FileQuery, PageQuery, SearchBody
from chalicelib.web.door import Answer, Call, tagged

from .api import Api

complaints = Api(__name__)


@complaints.operation(
    "POST", "/v1/complaints", who=LIFECYCLE.who(Action.FILE), body=ComplaintBody, answers={201: views.Receipt}
)
def file_complaint(call: Call, body: ComplaintBody) -> Answer:
    """File a complaint: storefronts for web and app, customer service for callers (channel phone)."""
    done = file.file(
        body.filing(), body.contact.contact(), call.actor, call.now, call.idempotency, microsecond=call.microsecond
    )
    complaint = done.state
    token, link = (None, None) if call.actor.kind == "staff" else file.consumer_link(complaint, call.api)
    receipt = views.Receipt(
        complaint_id=complaint.complaint_id,
        stage=complaint.stage,
        received_at=complaint.received_at,
        acknowledge_by=complaint.deadline.due_at if complaint.deadline else complaint.received_at,
        consumer_token=token,
        tracking_url=link,
    )
    location = {"Location": f"{call.prefix}/v1/complaints/{complaint.complaint_id}"}
    return Answer(201, receipt, location | tagged(complaint.version), done.replayed)


@complaints.operation(
    "GET",
    "/v1/complaints",
    who=STAFF | {Role.STOREFRONT},
    query=ComplaintsQuery,
    answers={200: views.ComplaintPage},
)
def list_complaints(call: Call, query: ComplaintsQuery) -> Answer:
    """List complaints. To staff: a queue, soonest due first; without `stage` the open ones only, closed ones the latest
    closed first.

    To a storefront: what it filed, the latest changed first; with `updated_since` the first changed first, so that the
    last `updated_at` of a run is what the next one asks with.
    """
    if call.actor.kind == "storefront":
        own, cursor = filed.own(query.own(), call.actor, query.limit, query.cursor)
        lines = [views.StorefrontView.at(one, call.now) for one in own]
        return Answer(200, views.ComplaintPage(items=lines, next_cursor=cursor))
    found, cursor = read.queue(query.queue(), call.now, query.limit, query.cursor)
    return Answer(
        200, views.ComplaintPage(items=[views.SummaryView.at(one, call.now) for one in found], next_cursor=cursor)
    )


@complaints.operation(
    "POST", "/v1/complaints/search", who=search.BY_CONTACT, body=SearchBody, answers={200: views.SummaryPage}
)
def search_complaints(call: Call, body: SearchBody) -> Answer:
    """Find complaints, open or closed: by a number, or by phone or mail, which stand in no address; the latest received
    first, 25 at most. Or by words, in the open queue of a department."""
    if body.words:
        filters = read.Filters(words=body.words, department=body.department)
        found, cursor = read.queue(filters, call.now, search.MOST_FOUND, body.cursor)
    else:
        found, cursor = search.find(body.asked(), call.actor, call.now), None
    return Answer(
        200, views.SummaryPage(items=[views.SummaryView.at(one, call.now) for one in found], next_cursor=cursor)
    )


@complaints.operation(
    "GET",
    "/v1/complaints/{complaint_id}",
    who=STAFF | {Role.CONSUMER, Role.STOREFRONT},
    answers={200: views.StaffView | views.PublicView},
)
def show_complaint(call: Call) -> Answer:
    """One complaint: everything for staff, the public view for its consumer and the storefront that filed it."""
    case = read.case(call.complaint_id, call.actor, call.now)
    return Answer(200, views.view_for(call.actor, case, call.now), tagged(case.state.version))


@complaints.operation(
    "GET",
    "/v1/complaints/{complaint_id}/timeline",
    who=STAFF | {Role.CONSUMER},
    query=PageQuery,
    answers={200: views.TimelinePage | views.PublicTimelinePage},
)
def show_timeline(call: Call, query: PageQuery) -> Answer:
    """What happened, oldest first; the consumer sees the public entries."""
    entries, complaint, cursor = read.timeline(call.complaint_id, call.actor, call.now, query.limit, query.cursor)
    if call.actor.kind == "staff":
        shown_to_staff = [faces.as_read_by(entry, complaint, call.actor) for entry in entries]
        items = [views.TimelineEntry.of(entry, complaint) for entry in shown_to_staff]
        return Answer(200, views.TimelinePage(items=items, next_cursor=cursor))
    public = [views.PublicEntry.of(entry, complaint) for entry in entries] if complaint else []
    return Answer(200, views.PublicTimelinePage(items=[one for one in public if one], next_cursor=cursor))


@complaints.operation(
    "GET",
    "/v1/complaints/{complaint_id}/evidence/{evidence_id}",
    who=STAFF | {Role.CONSUMER},
    query=FileQuery,
    answers={200: part_views.FileLink, 302: None},
)
def show_evidence(call: Call, query: FileQuery) -> Answer:
    """A file, by way of a link that lives five minutes: staff any, consumers what they added."""
    link = evidence.download_link(call.complaint_id, call.path["evidence_id"], call.actor, call.now)
    return Answer(302, None, {"Location": link}) if query.redirect else Answer(200, part_views.FileLink(url=link))


@complaints.operation(
    "GET", "/v1/complaints/{complaint_id}/notices", who=STAFF, query=PageQuery, answers={200: part_views.NoticePage}
)
def show_notices(call: Call, query: PageQuery) -> Answer:
    """Who was told what about a complaint, by which channel, and what became of it; oldest first."""
    notices, cursor = read.notices(call.complaint_id, call.actor, query.limit, query.cursor)
    return Answer(
        200, part_views.NoticePage(items=[part_views.NoticeView.of(notice) for notice in notices], next_cursor=cursor)
    )
