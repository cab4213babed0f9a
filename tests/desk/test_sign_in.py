"""Coming in: with the right password and code, and not otherwise."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pyotp
import pytest

from bot.desk.services import Services
from bot.records.sessions import SIGNED_IN
from tests.desk.conftest import PASSWORD, Browser, Worker, sign_in


async def test_from_a_start_code_to_the_list(browser: Browser, services: Services) -> None:
    """A new caseworker chooses a password, connects the phone, keeps the codes, and is in."""
    code = services.accounts.add("anna.virtanen", "caseworker", "kajaani")
    await browser.get("/desk/begin?lang=en")
    form = {"name": "Anna.Virtanen", "start_code": code.upper(), "again": "x"}
    assert "not the same" in await browser.post("/desk/begin?lang=en", password=PASSWORD, **form)
    form["again"] = PASSWORD
    page = await browser.post("/desk/begin?lang=en", password=PASSWORD, **form)
    assert browser.at == "/desk/enrol"
    assert "<svg" in page
    assert "style=" not in page
    secret = re.search(r'<p class="code"[^>]*>([A-Z2-7 ]+)</p>', page)
    assert secret
    assert "The code is wrong" in await browser.post("/desk/enrol", code="000000")
    now_code = pyotp.TOTP(secret.group(1).replace(" ", "")).now()
    page = await browser.post("/desk/enrol", code=f"{now_code[:3]} {now_code[3:]}")
    recovery = re.findall(r'<li class="code">([^<]+)</li>', page)
    assert len(recovery) == 10
    assert "Advance information" in await browser.get("/desk")
    # The start code is used up.
    assert services.accounts.begin("anna.virtanen", code, PASSWORD) is None


async def test_wrong_name_and_wrong_password_look_the_same(
    browser: Browser, worker: Callable[..., Worker]
) -> None:
    worker()
    pages = []
    for name, password in [("anna.virtanen", "wrong password"), ("nobody.at.all", PASSWORD)]:
        await browser.get("/desk/sign-in?lang=en")
        page = await browser.post("/desk/sign-in?lang=en", name=name, password=password)
        assert browser.status == 401
        pages.append(page.replace(name, "…"))
    assert pages[0] == pages[1]


async def test_the_password_alone_opens_nothing(
    browser: Browser, worker: Callable[..., Worker], sent: Callable[..., str]
) -> None:
    someone, reference = worker(), sent()
    await browser.get("/desk/sign-in")
    await browser.post("/desk/sign-in", name=someone.name, password=PASSWORD)
    assert browser.at == "/desk/code"
    for path in ("/desk/records", f"/desk/records/{reference}", "/desk/me", "/desk/enrol"):
        assert reference not in await browser.get(path)
        assert browser.at == "/desk/sign-in"


async def test_a_code_works_once(
    new_browser: Callable[[], Awaitable[Browser]], worker: Callable[..., Worker]
) -> None:
    """Whoever looked over the shoulder comes too late."""
    someone = worker()
    first, second = await new_browser(), await new_browser()
    for browser in (first, second):
        await browser.get("/desk/sign-in")
        await browser.post("/desk/sign-in", name=someone.name, password=PASSWORD)
    code = someone.now_code()
    await first.post("/desk/code", code=code)
    assert first.at == "/desk/records"
    await second.post("/desk/code", code=code)
    assert second.status == 401


async def test_a_recovery_code_works_once(
    new_browser: Callable[[], Awaitable[Browser]],
    worker: Callable[..., Worker],
    services: Services,
) -> None:
    someone = worker()
    account = services.accounts.named(someone.name)
    assert account
    code = services.second_factor.new_recovery_codes(account)[3]
    for status in (200, 401):
        browser = await new_browser()
        await browser.get("/desk/sign-in")
        await browser.post("/desk/sign-in", name=someone.name, password=PASSWORD)
        await browser.post("/desk/code", code=code)
        assert browser.status == status
    assert services.second_factor.recovery_codes_left(account) == 9


async def test_guessing_is_stopped_also_for_the_right_password(
    browser: Browser, worker: Callable[..., Worker]
) -> None:
    someone = worker()
    await browser.get("/desk/sign-in?lang=en")
    for _ in range(10):
        await browser.post("/desk/sign-in?lang=en", name=someone.name, password="a guess, wrong")
        assert browser.status == 401
    page = await browser.post("/desk/sign-in?lang=en", name=someone.name, password=PASSWORD)
    assert browser.status == 429
    assert "wait 15 minutes" in page


async def test_the_session_is_another_after_each_step(
    browser: Browser,
    worker: Callable[..., Worker],
    new_browser: Callable[[], Awaitable[Browser]],
) -> None:
    """A token from before signing in is worth nothing after it (session fixation)."""
    someone = worker()
    await browser.get("/desk/sign-in")
    await browser.post("/desk/sign-in", name=someone.name, password=PASSWORD)
    before = _token(browser)
    await browser.post("/desk/code", code=someone.now_code())
    assert before != _token(browser)
    assert await _first_page(new_browser, _token(browser)) == "/desk/records"
    assert await _first_page(new_browser, before) == "/desk/sign-in"


async def test_signing_out_ends_the_session_on_the_server(
    signed_in: Callable[..., Awaitable[Browser]],
    new_browser: Callable[[], Awaitable[Browser]],
) -> None:
    browser = await signed_in()
    token = _token(browser)
    assert await _first_page(new_browser, token) == "/desk/records"
    await browser.post("/desk/sign-out")
    assert await _first_page(new_browser, token) == "/desk/sign-in"


async def test_a_closed_account_is_out_at_once(
    signed_in: Callable[..., Awaitable[Browser]], services: Services
) -> None:
    browser = await signed_in()
    services.accounts.set_active("anna.virtanen", False)
    await browser.get("/desk/records")
    assert browser.at == "/desk/sign-in"


async def test_cookies_are_for_https_outside_this_machine(browser: Browser) -> None:
    """Behind a proxy the service sees http, the browser https."""
    here = await browser.client.get("/desk/sign-in")
    assert "Secure" not in here.headers["Set-Cookie"]
    there = await browser.client.get("/desk/sign-in", headers={"Host": "silta.example"})
    cookie = there.headers["Set-Cookie"]
    assert cookie.startswith("__Secure-")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"):
        assert flag in cookie


async def test_without_a_cookie_the_reason_is_told(browser: Browser) -> None:
    """As over http on another machine, where a browser keeps no cookie that is for https."""
    html = await browser.get("/desk/sign-in?lang=en")
    secret = re.findall(r'name="csrf" value="([^"]+)"', html)[0]
    browser.client.session.cookie_jar.clear()
    page = await browser.post("/desk/sign-in?lang=en", name="x", password="y", csrf=secret)
    assert browser.status == 403
    assert "only over https" in page


async def test_a_form_of_another_site_does_nothing(
    signed_in: Callable[..., Awaitable[Browser]], sent: Callable[..., str], services: Services
) -> None:
    browser, reference = await signed_in(), sent()
    await browser.get(f"/desk/records/{reference}")
    path = f"/desk/records/{reference}/take"
    without = await browser.client.post(path, data={})
    wrong = await browser.client.post(path, data={"csrf": "guessed"})
    page = browser.page
    elsewhere = await browser.client.post(
        path,
        data={"csrf": re.findall(r'name="csrf" value="([^"]+)"', page)[0]},
        headers={"Origin": "https://evil.example"},
    )
    assert [r.status for r in (without, wrong, elsewhere)] == [403, 403, 403]
    assert services.records.head(reference, "kajaani").taken_by is None


async def test_a_new_password_ends_other_sessions(
    new_browser: Callable[[], Awaitable[Browser]], worker: Callable[..., Worker]
) -> None:
    someone = worker()
    here, there = await new_browser(), await new_browser()
    await sign_in(here, someone)
    await sign_in(there, someone)
    new = "neljä keltaista koivua"
    await here.get("/desk/me")
    await here.post("/desk/me/password", present="not this one", password=new, again=new)
    assert here.status == 401
    await here.post("/desk/me/password", present=PASSWORD, password=new, again=new)
    assert (here.at, here.status) == ("/desk/me", 200)
    await there.get("/desk/me")
    assert there.at == "/desk/sign-in"


@pytest.mark.parametrize(
    ("password", "why"),
    [("too short", "at least 12"), ("anna virtanen 2026", "account name"), ("x" * 201, "200")],
)
async def test_passwords_that_are_refused(
    browser: Browser, services: Services, password: str, why: str
) -> None:
    code = services.accounts.add("anna.virtanen", "caseworker", "kajaani")
    await browser.get("/desk/begin?lang=en")
    form = {"name": "anna.virtanen", "start_code": code, "password": password, "again": password}
    page = await browser.post("/desk/begin?lang=en", **form)
    assert browser.status == 422
    assert why in page
    account = services.accounts.named("anna.virtanen")
    assert account
    assert not account.has_password


async def test_a_session_ends_idle_and_ends_old(
    worker: Callable[..., Worker], services: Services
) -> None:
    """Thirty minutes without use; ten hours in any case; what a script asks is no use."""
    from bot.records.database import now

    account = services.accounts.named(worker().name)
    assert account
    sessions, start = services.sessions, now()
    token = sessions.start(account.id, SIGNED_IN)
    assert sessions.find(token, at=start + 29 * 60)
    assert sessions.find(token, at=start + 58 * 60)
    assert sessions.find(token, used=False, at=start + 87 * 60)
    assert sessions.find(token, at=start + 89 * 60) is None
    lively = sessions.start(account.id, SIGNED_IN)
    for minutes in range(0, 600, 20):
        assert sessions.find(lively, at=start + minutes * 60)
    assert sessions.find(lively, at=start + 601 * 60) is None


def _token(browser: Browser) -> str:
    cookies = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/desk"))
    return cookies["silta-desk"].value


async def _first_page(new_browser: Callable[[], Awaitable[Browser]], token: str) -> str:
    """Where somebody lands who has nothing but this token."""
    browser = await new_browser()
    await browser.get("/desk", Cookie=f"silta-desk={token}")
    return browser.at
