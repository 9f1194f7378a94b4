"""The currencies that people pay with (ISO 4217, list one), and how many decimals each has.

Funds, metals, units of account and codes for tests are no money that anybody is refunded. The list is amended a few
times a year; the present one is that of January 2026, when Bulgaria had joined the euro.
"""

from chalicelib.domain.ground.text import Wrong

_TWO = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
    CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
    KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY
    TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

DECIMALS = {code: digits for digits, codes in ((2, _TWO), (0, _NONE), (3, _THREE)) for code in codes.split()}
"""The number of decimals of each currency, by its code."""

MEANT = {
    "RMB": "CNY",
    "CNH": "CNY",
    "NTD": "TWD",
    "UKP": "GBP",
    "YEN": "JPY",
    "BGN": "EUR",
    "HRK": "EUR",
    "ANG": "XCG",
    "SLL": "SLE",
    "ZWL": "ZWG",
}
"""What is written in the place of a code, or was one, and which is meant."""


def known(code: str) -> str:
    """The code as it is. Raises Wrong, which says what is meant."""
    if code in DECIMALS:
        return code
    meant = MEANT.get(code) or (code.upper() if code.upper() in DECIMALS else None)
    raise Wrong("currency_written_otherwise", meant=meant) if meant else Wrong("unknown_currency")
