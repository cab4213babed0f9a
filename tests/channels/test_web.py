"""The chat page as a browser without JavaScript uses it, and as its script does."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.answers.replies import Replies
from bot.app import create_app
from bot.channels.web.attempts import TRIES
from bot.composition import languages
from bot.records.references import new_reference, new_secret
from bot.settings import Settings

ASK = '/ask{"topic": "health_services"}'
FRAGMENT = {"Accept": "text/vnd.silta.messages+html"}


async def test_a_conversation_without_javascript(client: TestClient) -> None:
    """A form, a redirect, the page with the answer; it is still there at the next visit."""
    response = await client.post("/chat?lang=so", data={"choice": ASK})
    assert response.status == 200
    assert str(response.url).startswith(str(client.make_url("/?lang=so")))
    html = await response.text()
    assert 'lang="so"' in html
    assert "terveysasema" in html
    assert "terveysasema" in await (await client.get("/")).text()


async def test_the_assessment_can_be_begun_from_its_subject(client: TestClient) -> None:
    """Whoever asks about it need not find words for it."""
    asked = await client.post(
        "/chat?lang=so", data={"choice": '/ask{"topic": "skills_assessment"}'}
    )
    assert 'value="/start_assessment"' in await asked.text()
    begun = await client.post("/chat?lang=so", data={"choice": "/start_assessment"})
    assert "start_short" in await begun.text()


async def test_the_first_page_greets_and_stores_nothing(client: TestClient) -> None:
    response = await client.get("/", headers={"Accept-Language": "ar-IQ,en;q=0.5"})
    html = await response.text()
    assert '<html lang="ar" dir="rtl"' in html
    assert "Set-Cookie" not in response.headers
    assert "Kajaani" in html


@pytest.mark.parametrize("code", list(languages()))
async def test_every_language_has_its_page(client: TestClient, code: str) -> None:
    language = languages()[code]
    html = await (await client.get(f"/?lang={code}")).text()
    assert f'<html lang="{code}" dir="{language.direction}"' in html
    for other in languages().values():
        assert other.name in html


@pytest.mark.parametrize("code", list(languages()))
async def test_the_page_says_whether_its_translation_was_checked(
    client: TestClient, code: str
) -> None:
    html = await (await client.get(f"/?lang={code}")).text()
    assert ('class="who state"' in html) is not languages()[code].is_checked


async def test_a_delivery_that_comes_twice_is_answered_once(client: TestClient) -> None:
    """A phone that lost the answer sends again: the same answer, no second turn."""
    data = {"choice": ASK, "delivery": "abc"}
    first = await (await client.post("/chat?lang=fi", data=data, headers=FRAGMENT)).text()
    second = await (await client.post("/chat?lang=fi", data=data, headers=FRAGMENT)).text()
    assert first == second
    page = await (await client.get("/")).text()
    assert page.count('<article class="person"') == 1


async def test_the_conversation_can_be_saved_and_deleted(client: TestClient) -> None:
    await client.post("/chat?lang=fi", data={"message": "omituinen sana: kukkuluuruu"})
    saved = await client.get("/conversation.txt")
    assert "attachment" in saved.headers["Content-Disposition"]
    assert "kukkuluuruu" in await saved.text()
    await client.post("/chat?lang=fi", data={"choice": "/delete_data"})
    await client.post("/chat?lang=fi", data={"choice": "/confirm_delete"})
    assert "kukkuluuruu" not in await (await client.get("/")).text()
    assert "kukkuluuruu" not in await (await client.get("/conversation.txt")).text()


async def test_what_a_person_writes_is_never_html(client: TestClient) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="x'
    html = await (await client.post("/chat?lang=en", data={"message": evil})).text()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


async def test_another_site_cannot_write_for_a_person(client: TestClient) -> None:
    response = await client.post(
        "/chat?lang=en", data={"choice": ASK}, headers={"Origin": "https://evil.example"}
    )
    assert response.status == 403


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)],
)
async def test_a_page_that_hides_its_origin_is_known_by_the_browser(
    client: TestClient, site: str, status: int
) -> None:
    """Origin is «null» in our own forms, too; the browser says whose form it was."""
    headers = {"Origin": "null", "Sec-Fetch-Site": site}
    response = await client.post("/chat?lang=en", data={"choice": ASK}, headers=headers)
    assert response.status == status


async def test_headers_tell_nothing_and_allow_little(client: TestClient) -> None:
    for path in ("/", "/receipt", "/static/chat.js", "/healthz", "/nothing", "/desk/sign-in"):
        headers = (await client.get(path)).headers
        assert "Server" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers  # http://localhost
    widget = await client.get("/widget.js")
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_https_is_kept_to_where_people_reach_us_by_it(
    settings: Settings, replies: Replies
) -> None:
    app = create_app(replace(settings, public_url="https://silta.example"), replies)
    async with TestClient(TestServer(app)) as running:
        headers = (await running.get("/")).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_behind_a_proxy_one_visitor_does_not_shut_out_all(
    settings: Settings, replies: Replies
) -> None:
    """Wrong tries are counted by the address that our own proxy saw."""
    app = create_app(replace(settings, proxies=1), replies)
    async with TestClient(TestServer(app)) as running:

        async def tried(visitor: str) -> int:
            wrong = {"reference": new_reference(), "code": new_secret()}
            seen = {"X-Forwarded-For": f"198.51.100.9, {visitor}"}
            return (await running.post("/receipt?lang=en", data=wrong, headers=seen)).status

        for _ in range(TRIES):
            assert await tried("203.0.113.1") == 404
        assert await tried("203.0.113.1") == 429
        assert await tried("203.0.113.2") == 404


async def test_nothing_is_allowed_but_own_files(client: TestClient) -> None:
    """No third party, nothing inline."""
    response = await client.get("/?lang=fa")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    html = await response.text()
    assert not re.search(r"<script(?![^>]*src=)", html)
    assert not re.search(r"\son[a-z]+=|style=", html)
    for address in re.findall(r'(?:src|href)="(https?:[^"]+)"', html):
        assert address.startswith("https://"), address


async def test_the_cookie_is_the_conversations_own(client: TestClient) -> None:
    response = await client.post(
        "/chat?lang=fi", data={"choice": ASK}, allow_redirects=False, headers=FRAGMENT
    )
    cookie = response.headers.getall("Set-Cookie")
    assert len(cookie) == 1
    assert "HttpOnly" in cookie[0]
    assert "SameSite=Lax" in cookie[0]


async def test_the_first_load_is_small(client: TestClient) -> None:
    """At most 60 KB compressed: page, style, script and icon, in the heaviest language."""
    sizes = []
    for code in languages():
        html = await (await client.get(f"/?lang={code}")).text()
        total = len(gzip.compress(html.encode()))
        for path in set(re.findall(r'"(/static/[^"]+)"', html)):
            total += len(gzip.compress(await (await client.get(path)).read()))
        sizes.append(total)
    assert max(sizes) <= 60 * 1024


async def test_the_widget_speaks_every_language(client: TestClient) -> None:
    response = await client.get("/widget.js")
    script = await response.text()
    for code in languages():
        assert f'"{code}":' in script
    assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_unknown_files_and_pages_are_not_found(client: TestClient) -> None:
    for path in ("/static/../app.py", "/static/nothing.js", "/nothing"):
        assert (await client.get(path)).status == 404


async def test_a_fault_keeps_the_message_and_tells_when_to_try_again(client: TestClient) -> None:
    """503 with Retry-After, in the person's language, with the emergency number."""
    from bot.keys import TURN
    from bot.messages import TooBusy

    async def full(inbound: object) -> list:
        raise TooBusy

    client.app._state[TURN] = full
    response = await client.post("/chat?lang=sv", data={"choice": ASK})
    assert response.status == 503
    assert response.headers["Retry-After"] == "2"
    html = await response.text()
    assert 'lang="sv"' in html
    assert "112" in html


async def test_behind_a_proxy_the_cookie_is_for_https_alone(
    settings: Settings, replies: Replies
) -> None:
    """The proxy speaks http to the service; inside another site's page the browser wants more."""
    public = replace(settings, public_url="https://silta.example")
    async with TestClient(TestServer(create_app(public, replies, {}))) as client:
        own = await client.post("/chat?lang=so", data={"choice": ASK}, headers=FRAGMENT)
        assert {"Secure", "SameSite=Lax"} <= set(own.headers["Set-Cookie"].split("; "))
        inside = await client.post("/chat?embedded=1", data={"choice": ASK}, headers=FRAGMENT)
        wanted = {"Secure", "SameSite=None", "Partitioned"}
        assert wanted <= set(inside.headers["Set-Cookie"].split("; "))
