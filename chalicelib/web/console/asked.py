"""What the address of a complaint's page says: where one came from, what is open on it, how far back one reads."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web.pages.page import PageQuery

from . import view
from .timeline import Sort
from .view import Among, Place


def _of_queue(said: str) -> str:
    """In one way; empty: of all that is open. Raises ValueError for what narrows nothing."""
    written = view.written(view.view_of(said))
    if said and not written:
        raise ValueError("no view")
    return written


View = Annotated[str, Field(max_length=view.LONGEST), AfterValidator(_of_queue)]
"""A view of the queue, as its own query spells it."""


class ComplaintQuery(PageQuery):
    """What is asked of a complaint's page. What it does not understand is as if it were not there."""

    act: Action | None = Field(None, description="What is about to be done.")
    part: Annotated[str, StringConstraints(max_length=64)] | None = Field(None, description="Which part it is about.")
    view: View | None = Field(None, description="The view of the queue from which one came.")
    place: Place | None = None
    among: Among | None = None
    before: Annotated[int, Field(ge=2)] | None = Field(None, description="What happened before that entry.")
    sort: Sort | None = Field(None, description="Of what happened, one sort only.")
    done: Action | None = Field(None, description="What has just been done.")
    words: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        None, description="Canned words to begin with."
    )

    @property
    def way(self) -> dict[str, str]:
        """What goes along from page to page: where one came from."""
        said = {"view": self.view, "place": self.place, "among": self.among}
        return {name: one for name, one in said.items() if one is not None}
