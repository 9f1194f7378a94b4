"""What the steps of a complaint's life share: the parties, the page, and where the complaint stands."""

import secrets
from typing import Any

from infra.tour.calls import Line
from infra.tour.parties import Party, staff, storefront
from infra.tour.show import Page, due
from infra.tour.words import CONSUMER


class Story:
    """Who takes part, and where the complaint stands. `quiet` looks after the post where that would only distract."""

    def __init__(self, page: Page, loud: Line, quiet: Line) -> None:
        self.page, self.loud, self.quiet = page, loud, quiet
        self.shop, self.lin = storefront(loud), staff(loud, "cs.lin")
        self.consumer = Party(loud, CONSUMER)
        run = secrets.token_hex(3)
        self.email, self.order = f"wangfang-{run}@example.cn", f"E-{run.upper()}"
        self.complaint_id, self._letters = "", 0

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
        """What has been sent to the consumer since the last look."""
        line.settle()
        sent = line.outbox(self.email)
        for letter in sent[self._letters :]:
            self.page.letter(letter)
        self._letters = len(sent)
