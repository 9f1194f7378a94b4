"""The EventBridge bus on which news of complaints are put, where the deployment has one (`REDRESS_EVENT_BUS`)."""

import json

from chalicelib.domain.telling.news import News
from chalicelib.settings import settings

from .aws import client

SOURCE = "redress"


class NotTaken(Exception):
    """The bus did not take it."""


def put(news: News, storefront: str) -> None:
    """One piece of news, by its type; again: once more, with the same id. Where there is no bus: nothing. Raises
    NotTaken."""
    if not settings().event_bus:
        return
    detail = {"id": news.id, "storefront": storefront, **news.data.model_dump(mode="json")}
    event = {"Source": SOURCE, "DetailType": news.type, "Time": news.timestamp, "Detail": json.dumps(detail)}
    answer = client("events").put_events(Entries=[event | {"EventBusName": settings().event_bus}])
    if answer["FailedEntryCount"]:
        raise NotTaken(answer["Entries"][0].get("ErrorCode"))
