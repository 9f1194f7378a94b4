"""What the steps of a complaint's life share: the parties, the page, and where the complaint stands."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from infra.tour.calls import Line
from infra.tour.parties import Party, staff, storefront
from infra.tour.show import Page, due
from infra.tour.words import CONSUMER, PHONE

DELIVERY = timedelta(days=4)


class Story:
    """Who takes part, and where the complaint stands. `quiet` looks after the post where that would only distract."""

    def __init__(self, page: Page, loud: Line, quiet: Line) -> None:
        self.page, self.loud, self.quiet = page, loud, quiet
        self.shop, self.lin, self.he = storefront(loud), staff(loud, "cs.lin"), staff(loud, "quality.he")
        self.consumer = Party(loud, CONSUMER)
        run = secrets.token_hex(3)
        ordered = datetime.fromisoformat(quiet.at_desk("tour", "GET", "/clock").body["now"]) - DELIVERY
        self.email, self.order = f"wangfang-{run}@example.cn", f"E{ordered:%Y%m%d}-{run.upper()}"
        self.complaint_id, self.photo, self._letters = "", "", 0

    @property
    def path(self) -> str:
        return f"/v1/complaints/{self.complaint_id}"

    def act(self, who: Party, resource: str, body: dict[str, Any], **facts: object) -> dict[str, Any]:
        """An action, and where the complaint is after it, in the view of who acted."""
        after: dict[str, Any] = who.post(f"{self.path}/{resource}", body)
        self.page.stages(after["stage"], after["round"])
        self.page.facts({"due": due(after["deadline"]), **facts})
        return after

    def show_letters(self, line: Line) -> None:
        """What has been sent since the last look: to the consumer in full, to staff in a line each."""
        line.settle()
        sent = [one for one in line.outbox() if one["complaint_id"] == self.complaint_id]
        for one in sent[self._letters :]:
            if one["to"] in (self.email, PHONE):
                self.page.letter(one)
            else:
                self.page.slip(one)
        self._letters = len(sent)
