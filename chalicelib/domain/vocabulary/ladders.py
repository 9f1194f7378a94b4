"""The names of the ladders of alarms: each open stage has one, and so has what runs beside the stages."""

from typing import Literal

Ladders = Literal["inquiry", "information", "words", "follow_up", "decision_review"]
"""The ladders of the clocks that are not a stage's, and of those that take the place of a stage's own."""
INQUIRY: Ladders = "inquiry"
INFORMATION: Ladders = "information"
FOLLOW_UP: Ladders = "follow_up"
WORDS: Ladders = "words"
DECISION_REVIEW: Ladders = "decision_review"
"""Of planning, while another person is to decide."""
