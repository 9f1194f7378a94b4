"""What storefronts tell of themselves: how much they sold."""

from datetime import date

from chalicelib.casework.volumes import Volumes, keep
from chalicelib.domain.ground.people import Role
from chalicelib.web.door import Answer, Call

from .api import Api

volumes = Api(__name__)


class VolumesView(Volumes):
    """What is kept of a day."""

    date: date


@volumes.operation(
    "PUT", "/v1/volumes/{date}", who=frozenset({Role.STOREFRONT}), body=Volumes, answers={200: VolumesView}
)
def put_volumes(call: Call, body: Volumes) -> Answer:
    """Say how much was sold on a day of China: complaints are counted per 10,000 orders (6.1). The last word holds."""
    day = keep(call.path["date"], body, call.actor, call.now)
    return Answer(200, VolumesView(date=day, **body.model_dump()))
