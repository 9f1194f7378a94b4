"""Whom notices come from: a name in any script, encoded as mail wants it, and an address that SES can read."""

import os

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from infra.aws import REGION
from tests.house import House, forget

from .mailroom import Mailroom, mails


def test_the_name_of_the_sender_may_be_chinese(house: House, monkeypatch: pytest.MonkeyPatch):
    environment = os.environ | {"REDRESS_SENDER": "小家电客户服务 <complaints@example.com>"}
    monkeypatch.setattr(os, "environ", environment)  # a real one holds Chinese only where the locale does
    forget()
    house.file()
    Mailroom(house).settle()
    (receipt,) = (mail for mail in mails() if mail["To"] == "wang@example.cn")
    assert receipt["From"] == "小家电客户服务 <complaints@example.com>"
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert {message.source for message in sent} == {"complaints@example.com"}
    assert all(message.raw_data.isascii() for message in sent)
