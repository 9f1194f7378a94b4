"""Where files go and come from, as a page names it to the browser."""

from urllib.parse import urlsplit

import pytest

from chalicelib import settings
from chalicelib.adapters import evidence
from chalicelib.casework import evidence as files

from .test_settings import GOOD


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.parametrize(
    ("region", "endpoint", "expected"),
    [
        ("us-east-1", "", "https://redress-evidence.s3.us-east-1.amazonaws.com"),
        ("ap-southeast-1", "", "https://redress-evidence.s3.ap-southeast-1.amazonaws.com"),
        ("eu-central-1", "", "https://redress-evidence.s3.eu-central-1.amazonaws.com"),
        ("cn-north-1", "", "https://redress-evidence.s3.cn-north-1.amazonaws.com.cn"),
        ("us-east-1", "http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("us-east-1", "https://files.shop.example/s3", "https://files.shop.example"),
    ],
)
def test_pages_name_the_origin_to_which_forms_and_links_really_lead(
    monkeypatch: pytest.MonkeyPatch, region: str, endpoint: str, expected: str
):
    told = GOOD | {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "REDRESS_EVIDENCE_ENDPOINT": endpoint}
    for name, value in (told | {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}).items():
        monkeypatch.setenv(name, value)
    for forget in (settings.settings.cache_clear, evidence.forget):
        forget()
    try:
        assert origin_of(evidence.upload_form("7K2M9-XD4FQ", "1", 600)["url"]) == expected
        assert origin_of(evidence.download_link("evidence/7K2M9-XD4FQ/1", "照.png", "image/png", 300)) == expected
        assert evidence.origin() == files.origin() == expected
    finally:
        for forget in (settings.settings.cache_clear, evidence.forget):
            forget()
