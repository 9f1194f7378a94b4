"""What happened to a storefront's complaints, as a list: the same as its webhook is called with."""

from typing import Annotated

from pydantic import Field

from chalicelib.casework.feed import heard
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Role
from chalicelib.domain.telling.news import News, NewsFacts, NewsType
from chalicelib.web.bodies import PageQuery
from chalicelib.web.door import Answer, Call

from .api import Api

events = Api(__name__)


class EventsQuery(PageQuery):
    after: Annotated[str, Field(max_length=1_000)] | None = Field(
        None,
        description="`after` of an answer before, or the moment (RFC 3339) to begin with; by default all that is kept.",
    )
    type: NewsType | None = Field(None, description="Only what is of this type.")


class EventView(Model):
    """Something that happened to a complaint of the storefront's: how that stood then, in ids and stages.

    `id` is the same however often it is told, as `webhook-id` is. `timestamp`: when it happened.
    """

    id: str
    type: NewsType
    timestamp: Instant
    data: NewsFacts

    @classmethod
    def of(cls, news: News) -> "EventView":
        return cls(id=news.id, type=news.type, timestamp=news.timestamp, data=news.data)


class EventPage(Model):
    """In the order in which it was written down, until half a minute ago, and kept for 90 days.

    Keep `after` and ask with it next time: nothing is missed, and nothing comes twice. `next_cursor` is the same while
    there is more already, also where none of these was of the type that was asked for.
    """

    items: list[EventView]
    next_cursor: str | None
    after: str


@events.operation("GET", "/v1/events", who=frozenset({Role.STOREFRONT}), query=EventsQuery, answers={200: EventPage})
def list_events(call: Call, query: EventsQuery) -> Answer:
    """What happened to the storefront's own complaints, oldest first. The list ends half a minute before now. Keep
    `after` of each answer and ask with it next time (`cursor`, the same, goes before): each event comes once, and those
    of a complaint in their order; `data.seq` is its number in the complaint's timeline."""
    page = heard(call.actor, query.cursor or query.after, query.type, query.limit, call.now)
    items = [EventView.of(one) for one in page.news]
    return Answer(200, EventPage(items=items, next_cursor=page.after if page.more else None, after=page.after))
