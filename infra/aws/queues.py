"""SQS queues that stay fast and are safe among threads.

moto's queue is a list: a delete rebuilds it (and loses what another thread appends meanwhile), a receive walks it and
copies it. Here messages lie in a dictionary by id, a receipt handle begins with that id, and one lock is held while
messages are handed out.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Lock
from typing import Any, ClassVar
from unittest.mock import patch

import moto.sqs.models as sqs_models
from moto.core.utils import unix_time
from moto.sqs.exceptions import ReceiptHandleIsInvalid
from moto.sqs.models import Message, Queue, SQSBackend

HANDING_OUT = Lock()


class HandledMessage(Message):
    """A message that can be found by its receipt handle."""

    def mark_received(self, visibility_timeout: int | None = None) -> None:
        super().mark_received(visibility_timeout)
        self._old_receipt_handles.clear()  # grows with every receive, and any handle names the message
        self.receipt_handle = f"{self.id}.{self.approximate_receive_count}"

    def had_receipt_handle(self, receipt_handle: str) -> bool:
        return receipt_handle.partition(".")[0] == self.id


class Messages(dict[str, Message]):
    """Messages by id, behaving like the list that moto takes them for."""

    def append(self, message: Message) -> None:
        self[message.id] = message

    def remove(self, message: Message) -> None:
        self.pop(message.id, None)

    def __iter__(self) -> Iterator[Message]:  # type: ignore[override]
        return iter(list(self.values()))


class HandledQueue(Queue):
    """`bell` is rung when a message arrives."""

    bell: ClassVar[Callable[[], None]] = staticmethod(lambda: None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ever_delayed: dict[str, Message] = {}
        super().__init__(*args, **kwargs)

    @property  # type: ignore[override]
    def _messages(self) -> Messages:
        held: Messages = self.__dict__["held"]
        return held

    @_messages.setter
    def _messages(self, messages: list[Message]) -> None:
        self.__dict__["held"] = Messages({message.id: message for message in messages})

    @property
    def messages(self) -> Iterator[Message]:  # type: ignore[override]
        """The visible ones, looked at one by one: whoever wants ten does not walk thousands."""
        return (message for message in self._messages if message.visible and not message.delayed)

    # moto counts at every send. Only messages handed out can be invisible, and only those sent with a delay delayed.

    @property
    def approximate_number_of_messages_not_visible(self) -> int:
        return sum(1 for message in list(self.pending_messages) if not message.visible)

    @property
    def approximate_number_of_messages_delayed(self) -> int:
        return sum(1 for message in self._delayed() if message.delayed)

    @property
    def approximate_number_of_messages(self) -> int:
        hidden = self.approximate_number_of_messages_not_visible + self.approximate_number_of_messages_delayed
        return len(self._messages) - hidden

    def any_ready(self) -> bool:
        """Whether there is a message that nobody holds, delayed ones included."""
        return len(self._messages) > self.approximate_number_of_messages_not_visible

    def cut_delays(self) -> None:
        for message in self._delayed():
            message.delayed_until = 0.0

    def _delayed(self) -> list[Message]:
        with self._messages_lock:
            still = {name: one for name, one in self._ever_delayed.items() if name in self._messages and one.delayed}
            self._ever_delayed = still
            return list(still.values())

    def show_again(self, identifier: str) -> None:
        """End the visibility timeout of a message that was received."""
        if message := self._messages.get(identifier):
            message.visible_at = 0.0

    def show_all_again(self) -> None:
        """Whoever had received any is gone."""
        for message in self.pending_messages:
            message.visible_at = 0.0

    def add_message(self, message: Message) -> None:
        if message.delayed_until:
            with self._messages_lock:
                self._ever_delayed[message.id] = message
        super().add_message(message)
        type(self).bell()

    def delete_message(self, receipt_handle: str) -> None:
        identifier, dot, _ = receipt_handle.partition(".")
        if not dot:
            raise ReceiptHandleIsInvalid
        if message := self._messages.pop(identifier, None):
            self.pending_messages.discard(message)

    def wait_for_messages(self, timeout: int) -> None:
        with self._messages_lock:
            self._messages_lock.wait_for(lambda: self.approximate_number_of_messages > 0, timeout=timeout)


_moto_receive_message = SQSBackend.receive_message


def _receive_message(
    backend: SQSBackend, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kwargs: Any
) -> list[Message]:
    """moto's, but waiting without holding up the others, and one at a time."""
    ends = unix_time() + (wait_seconds_timeout or 0)
    while True:
        with HANDING_OUT:
            received = _moto_receive_message(backend, queue_name, count, 0, *args, **kwargs)
        if received or (left := ends - unix_time()) <= 0:
            return received
        backend.get_queue(queue_name).wait_for_messages(min(1, left))  # type: ignore[arg-type]


def install(bell: Callable[[], None] | None = None) -> Callable[[], None]:
    """Make every queue moto makes from now on a handled one; gives what undoes it."""
    undo = ExitStack()
    undo.enter_context(patch.object(sqs_models, "Message", HandledMessage))
    undo.enter_context(patch.object(sqs_models, "Queue", HandledQueue))
    undo.enter_context(patch.object(SQSBackend, "receive_message", _receive_message))
    if bell:
        undo.enter_context(patch.object(HandledQueue, "bell", staticmethod(bell)))
    return undo.close
