"""A month as a report says it, made by hand: everything that a document can show is in it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.adapters import figures
from chalicelib.casework import reports, rules
from chalicelib.casework.commit import commit
from chalicelib.domain.supervision import documents, report
from chalicelib.domain.supervision.figures import Bottleneck, Compared, Document, Figure, Measure, Period, Row
from chalicelib.domain.supervision.report import ReportComputed
from chalicelib.web.reporting.document import Remark, Standing, Step, as_html
from tests.domain.cases import POLICY

OCTOBER = Period(kind="monthly", name="2026-10", first=date(2026, 10, 1), last=date(2026, 10, 31))
SEPTEMBER = Period(kind="monthly", name="2026-09", first=date(2026, 9, 1), last=date(2026, 9, 30))
A_YEAR_AGO = Period(kind="monthly", name="2025-10", first=date(2025, 10, 1), last=date(2025, 10, 31))
MARKUP = "<script>alert(1)</script>{{ 7*7 }}"
HASH = "ab" * 32


def row(by: str, key: str, n: int, **values: Any) -> Row:
    return Row(by=by, key=key, n=n, values=values)


FLOW = tuple(
    row("day", f"{date(2026, 10, 1) + timedelta(n)} {where}", 4, **{"in": came, "out": left, "in_hand": held})
    for n in range(31)
    for where, came, left, held in (
        ("all", 4 + n * 7 % 11, 3 + n * 5 % 13, 60 + n * 3 % 40),
        ("received", 4 + n * 7 % 11, n * 5 % 9, 8 + n % 5),
        ("investigating", n * 5 % 9, n * 3 % 8, 31 + n % 9),
        ("planning", n * 3 % 8, n * 2 % 6, 12 + n % 7),
        ("awaiting_consumer", n * 2 % 6, 3 + n * 5 % 13, 9 + n % 6),
    )
)
TIME = (
    row("time", "received handler", 214, share=0.031, seconds=1_904_400),
    row("time", "investigating handler", 214, share=0.152, seconds=9_330_000),
    row("time", "investigating quality", 96, share=0.284, seconds=17_400_000),
    row("time", "investigating logistics", 61, share=0.117, seconds=7_180_000),
    row("time", "investigating consumer", 33, share=0.066, seconds=4_050_000),
    row("time", "planning handler", 209, share=0.121, seconds=7_420_000),
    row("time", "planning legal", 12, share=0.034, seconds=2_090_000),
    row("time", "awaiting_consumer consumer", 202, share=0.195, seconds=11_960_000),
)
CAUSES = (
    row("cause_party", "product.defect_function seller", 71, share=0.364, cumulative=0.364),
    row("cause_party", "delivery.damaged_packing carrier", 48, share=0.246, cumulative=0.61),
    row("cause_party", "product.not_as_described seller", 31, share=0.159, cumulative=0.769),
    row("cause_party", "refund.late_refund platform", 24, share=0.123, cumulative=0.892),
    row("cause_party", "service.no_reply undetermined", 21, share=0.108, cumulative=1.0),
)
BANDS = ("3_working_days", "7_days", "15_days", "28_days", "56_days", "more")
AGES = (
    *(row("closed", band, n, share=n / 214) for band, n in zip(BANDS, (61, 58, 64, 24, 6, 1), strict=True)),
    *(row("open", band, n, share=n / 73) for band, n in zip(BANDS, (18, 21, 22, 9, 3, 0), strict=True)),
)
SATISFACTION = (
    row("all", "all", 78, share=0.756, low=0.651, high=0.838),
    row("category", "after_sales_service", 3, share=None, low=None, high=None),
    row("category", "delivery", 31, share=0.677, low=0.501, high=0.814),
    row("category", "product_quality", 44, share=0.818, low=0.68, high=0.905),
)
FIGURES: dict[Measure, Figure] = {
    "M01": Figure(
        n=231,
        value=231,
        rows=(
            *(row("channel", key, n) for key, n in (("web", 118), ("app", 83), ("phone", 30))),
            *(row("category", key, n) for key, n in (("product_quality", 122), ("delivery", 71))),
            row("seller", MARKUP, 9),
            row("product", "养生壶 1.5L", 17),
            row("locale", "zh-TW", 12),
        ),
    ),
    "M02": Figure(n=231, unit="per_10000", values={"orders": 0, "days_missing": 31}, note="no_volumes"),
    "M03": Figure(
        n=229,
        value=0.9694,
        unit="share",
        rows=(row("category", "delivery", 71, share=0.958), row("category", "other", 3, share=None)),
    ),
    "M04": Figure(
        n=447,
        unit="seconds",
        rows=(
            row(
                "stage", "received 1", 229, elapsed_p50=5_400, elapsed_p90=61_200, working_p50=5_400, working_p90=43_000
            ),
            row(
                "stage",
                "investigating 1",
                214,
                elapsed_p50=259_200,
                elapsed_p90=604_800,
                working_p50=201_000,
                working_p90=410_000,
            ),
            row("stage", "planning 2", 4, elapsed_p50=None, elapsed_p90=None, working_p50=None, working_p90=None),
        ),
    ),
    "M06": Figure(n=214, values={"open": 73}, rows=AGES),
    "M07": Figure(n=198, value=0.7424, unit="share", ripe=False, ripe_on=date(2026, 12, 1)),
    "M12": Figure(
        n=190,
        value=0.88,
        unit="share",
        values={"promises": 41, "promises_in_time": 0.951},
        rows=(
            row("grants", "full", 121),
            row("currency", "CNY", 96, given=18_230.5, asked=22_100.0, asked_n=88),
            row("asked_given", "refund refund+apology", 31),
        ),
    ),
    "M13": Figure(n=195, values={"uncoded": 19}, rows=CAUSES),
    "M14": Figure(
        n=157,
        value=0.86,
        unit="share",
        rows=(
            row("department", "quality", 96, answered=90, in_time=78, late=12, dispensed=6, share=0.867, p50=172_800),
        ),
    ),
    "M15": Figure(n=214, unit="seconds", values={"seconds": 61_334_400}, rows=TIME),
    "M16": Figure(
        n=214,
        value=9.8,
        unit="per_100",
        values={"median_late": 14_400},
        rows=(row("holder", "quality", 96, breaches=12, per_100=12.5), row("ladder", "safety_call", 2)),
    ),
    "M19": Figure(n=3, value=3, rows=(row("tier", "act", 1), row("tier", "look", 2))),
    "M20": Figure(
        n=78,
        value=0.756,
        unit="share",
        values={"low": 0.651, "high": 0.838, "response": 0.41, "comparable": 1},
        rows=(
            row("overall", "5", 41),
            row("solved", "partly", 9),
            row("stratum", "satisfied first kept", 51, closures=120),
        ),
        note="not_representative",
        ripe=False,
    ),
    "M22": Figure(n=4, unit="share", note="too_few"),
}
BEFORE = Compared(
    period=SEPTEMBER,
    figures={
        "M01": Figure(n=198, value=198),
        "M03": Figure(n=196, value=0.9847, unit="share"),
        "M07": Figure(n=170, value=0.7412, unit="share"),
        "M20": Figure(n=21, value=0.81, unit="share", values={"comparable": 0}),
    },
)
MONTH = Document(
    report_id="report_monthly-2026-10-2",
    period=OCTOBER,
    edition=2,
    reason="10 月 30 日有 3 条记录晚到。",
    computed_at=datetime(2026, 11, 3, 1, 0, tzinfo=UTC),
    as_of=date(2026, 11, 2),
    definitions=1,
    policy_versions=(1, 2),
    figures=FIGURES,
    before=BEFORE,
    year_before=Compared(period=A_YEAR_AGO, figures={"M01": Figure(n=3, value=3)}),
    bottleneck=Bottleneck(stage="investigating", waits_for="quality", share=0.284, in_time=0.871, growth=0.23),
    charts={"flow": FLOW, "time": TIME, "causes": CAUSES, "ages": AGES, "satisfaction": SATISFACTION},
)
EMPTY = Document(
    report_id="report_daily-2026-10-03-1",
    period=Period(kind="daily", name="2026-10-03", first=date(2026, 10, 3), last=date(2026, 10, 3)),
    edition=1,
    computed_at=datetime(2026, 10, 3, 17, 0, tzinfo=UTC),
    as_of=date(2026, 10, 3),
    definitions=1,
    policy_versions=(),
    figures={"M01": Figure(n=0, value=0), "M03": Figure(n=0, unit="share")},
)
STANDING = Standing(
    hash=HASH,
    stage="commented",
    remarks=(Remark(datetime(2026, 11, 3, 6, 30, tzinfo=UTC), "sup.zhao", f"品质管理部十月只有两人在岗。\n{MARKUP}"),),
    steps=(
        Step("品质管理部每天上午先答复超过一天的协查。", "qm.chen", date(2026, 11, 30), "M14"),
        Step(
            "缩短首次受理：夜间投诉次日九点前受理。",
            "cs.lin",
            date(2026, 10, 20),
            "M03",
            before=Figure(n=196, value=0.9847, unit="share"),
            now=FIGURES["M03"],
        ),
        Step(
            "换承运商包装。",
            "log.sun",
            date(2026, 10, 31),
            "M13",
            note="自 10 月 12 日起全部加气柱。",
            done_at=datetime(2026, 10, 12, 2, 0, tzinfo=UTC),
        ),
    ),
)


def page(document: Document = MONTH, standing: Standing = STANDING, locale: Any = "zh-CN") -> str:
    return as_html(document, standing, locale, POLICY)


def laid_down(
    cases: Mapping[str, Iterable[str]] = {},
    document: Document = MONTH,
    spent: Mapping[str, Mapping[str, int]] = {},
    said_of: Mapping[str, Mapping[str, str]] = {},
) -> str:
    """A report of that document is in the house, new; its name. `cases`: by list the ids behind it; `spent`: by id of a
    closed complaint the seconds that it was in each stage; `said_of`: what its row in the table says besides."""
    behind = {name: "".join(f"{one}\n" for one in ids).encode() for name, ids in cases.items()}
    said = document.model_copy(update={"cases": {name: sha256(ids).hexdigest() for name, ids in behind.items()}})
    hashed = documents.hash_of(said)
    columns = ("received", "investigating", "planning", "awaiting_consumer")
    coded = ("category", "cause_code", "responsible_party")
    table = [f"complaint_id,{','.join(coded)},{','.join(f'seconds_{one}' for one in columns)}\n"]
    for name, of in spent.items():
        codes = [said_of.get(name, {}).get(one, "") for one in coded]
        table += [f"{','.join([name, *codes, *(str(of.get(one, 0)) for one in columns)])}\n"]
    parts = {f"cases/{name}": ids for name, ids in behind.items()}
    parts |= {reports.DOCUMENT: documents.as_bytes(said), reports.ROWS: "\ufeff{}".format("".join(table)).encode()}
    for part, content in parts.items():
        figures.put(figures.key_of_report(said.report_id, hashed, part), content)
    about = {"period": said.period, "edition": said.edition, "as_of": said.as_of, "reason": said.reason}
    event = ReportComputed(hash=hashed, closures=len(spent), **about)
    commit(None, [report.computed(event, said.computed_at)], said.computed_at, rules.in_force(said.computed_at))
    return said.report_id
