"""Pages of a house on moto in a real browser, which sends its forms there: no system runs for it, no clock is moved."""

from playwright.sync_api import Page, Route

from tests.house import House

SITE = "http://localhost"
ONWARD = '<!doctype html><meta http-equiv="refresh" content="0;url={}">'
"""In the place of a redirection, which a browser would follow past whoever answers for the house."""


def serve(page: Page, house: House, who: str) -> None:
    """Whatever the page asks for from now on the house answers, as to that member of staff."""

    def answer(route: Route) -> None:
        asked = route.request
        path = asked.url.removeprefix(SITE)
        known = {"Accept": "text/html", "Host": "localhost", **house.signed_in(who)}
        known["Accept_Language"] = asked.headers.get("accept-language", "zh-CN")
        if asked.method == "POST":
            known |= {"Origin": SITE, "Content_Type": asked.headers["content-type"]}
        got = house.send(asked.method, path, raw=asked.post_data_buffer, **known)
        if got.status == 303:
            route.fulfill(content_type="text/html", body=ONWARD.format(got.headers["location"]))
        else:
            route.fulfill(status=got.status, headers=got.headers, body=got.text)

    page.unroute_all()
    page.route(f"{SITE}/**", answer)
