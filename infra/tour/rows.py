"""A file of complaints: read with care, and each row made into something that may be filed.

Rows are real people's words. What the contract would refuse is adapted rather than dropped, and the summary says so.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

COLUMNS = ("product", "text")
LONGEST_PRODUCT, LONGEST_TEXT = 200, 5000
LARGEST_FIELD = 10_000_000
NO_PRODUCT, NO_TEXT = "未注明商品", "（消费者未填写说明）"

CATEGORIES = (
    ("delivery", re.compile("物流|快递|发货|送货|送来|配送|到货|包装")),
    ("false_advertising", re.compile("假|骗|宣传|描述|不符|不一样|山寨|正品")),
    ("after_sales_service", re.compile("客服|售后|退货|换货|退款|服务|态度")),
    ("product_quality", re.compile("质量|坏|破|裂|烂|漏|差|卡|慢|掉色|粘毛|味")),
)
CAUSES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("product.counterfeit", "seller", re.compile("假货|山寨|正品|仿冒")),
    ("product.expired_spoiled", "seller", re.compile("过期|发霉|变质|烂了|坏果|虫")),
    ("delivery.damaged_packing", "carrier", re.compile("包装|箱子|瓶子烂|压|碎|漏")),
    ("delivery.late", "carrier", re.compile("慢|还没到|没收到|迟|不发货|才到")),
    ("product.missing_parts", "seller", re.compile("少|缺|忘了发|没有.{0,4}赠")),
    ("service.installation_fee", "seller", re.compile("安装|师傅")),
    ("service.attitude", "platform", re.compile("态度|骂|恶劣")),
    ("service.no_reply", "platform", re.compile("客服|不回|没人")),
    ("refund.late_refund", "platform", re.compile("退款|退货|换货")),
    ("price.price_drop", "seller", re.compile("降价|贵|价格|便宜")),
    ("advertising.false_claim", "seller", re.compile("宣传|骗|假|虚")),
    ("product.not_as_described", "seller", re.compile("描述|不符|不一样|色差|小|大|薄")),
    ("product.defect_function", "seller", re.compile("不能用|不好用|坏|卡|死机|电池|不热|噪|声")),
    ("product.defect_material", "seller", re.compile("质量|差|破|裂|掉色|粘毛|味|起球|缩水")),
)
"""Whose words point to which cause of the policy, and to whom."""


class BadFile(Exception):
    """The file cannot be used; the message says why and what would help."""


@dataclass(frozen=True)
class Row:
    """A complaint from the file. `number` counts from 1 below the header; `adapted` says what had to be changed."""

    number: int
    product: str
    text: str
    adapted: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """A guess by the words used, good enough to fill every kind of queue."""
        return next((name for name, signs in CATEGORIES if signs.search(self.text)), "other")

    @property
    def coded(self) -> dict[str, str]:
        """What the investigation finds, guessed likewise: verdict, cause and who is responsible. What nothing points
        to is undetermined; and sometimes the consumer has changed their mind."""
        if self.number % 11 == 0:
            return {
                "verdict": "unfounded",
                "cause_code": "consumer.changed_mind",
                "responsible_party": "consumer",
            }
        for code, party, signs in CAUSES:
            if signs.search(self.text):
                founded = "founded" if self.number % 5 else "partly_founded"
                return {"verdict": founded, "cause_code": code, "responsible_party": party}
        return {"verdict": "undetermined", "cause_code": "undetermined", "responsible_party": "undetermined"}

    @property
    def objects(self) -> bool:
        """Every third consumer does not like the first plan."""
        return self.number % 3 == 0

    @property
    def channel(self) -> str:
        return "web" if self.number % 2 else "app"


def read(path: Path, limit: int | None = None) -> list[Row]:
    """The rows of a CSV file in UTF-8, at most `limit` of them. Raises BadFile."""
    csv.field_size_limit(LARGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(islice(_rows(file), limit))
    except OSError as fault:
        raise BadFile(f"{path} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path} is not UTF-8. Save it again as CSV in UTF-8.") from None
    except BadFile as fault:
        raise BadFile(f"{path} {fault}") from None
    if not rows:
        raise BadFile(f"{path} has a header, but no rows.")
    return rows


def _rows(file: Iterable[str]) -> Iterator[Row]:
    reader = csv.reader(file, strict=True)  # an unclosed quote is an error, not one very long complaint
    try:
        places = _places(next(reader, None))
        filled = (cells for cells in reader if any(cell.strip() for cell in cells))
        for number, cells in enumerate(filled, start=1):
            yield adapt(number, *(cells[place] if place < len(cells) else "" for place in places))
    except csv.Error as fault:
        raise BadFile(f"is not well-formed CSV: line {reader.line_num}, {fault}.") from None


def _places(header: list[str] | None) -> list[int]:
    """Where the columns are."""
    if header is None:
        raise BadFile("is empty. It needs a header with the columns product and text.")
    names = [name.strip().casefold() for name in header]
    if missing := [column for column in COLUMNS if column not in names]:
        raise BadFile(f"has no column {' and no column '.join(missing)}; its header must name product and text.")
    return [names.index(column) for column in COLUMNS]


def adapt(number: int, product: str, text: str) -> Row:
    """A row as it may be filed, with what was changed to get there."""
    changes: list[str] = []
    fit_product = _fit(product, LONGEST_PRODUCT, "", NO_PRODUCT, "product", changes)
    fit_text = _fit(text, LONGEST_TEXT, "\n\r\t", NO_TEXT, "text", changes)
    return Row(number, fit_product, fit_text, tuple(changes))


def _fit(words: str, longest: int, kept: str, instead: str, name: str, changes: list[str]) -> str:
    """The words without control characters, trimmed, no longer than allowed, and never without anything to see."""
    clean = "".join(mark if mark in kept or unicodedata.category(mark) != "Cc" else " " for mark in words)
    if clean != words:
        changes.append(f"{name}: control characters replaced by spaces")
    clean = clean.strip()
    if len(clean) > longest:
        changes.append(f"{name}: cut to {longest} characters")
        clean = clean[:longest].strip()
    if not any(unicodedata.category(mark)[0] in "LNPS" for mark in clean):
        changes.append(f"{name}: nothing to read, replaced by {instead}")
        return instead
    return clean
