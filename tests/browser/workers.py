"""Somebody who works at the desk, at a browser of her own."""

from __future__ import annotations

import re
import time

import pyotp
from playwright.sync_api import Page, expect

from tests.service import Service

PASSWORD = "kolme sinistä kuusta"


class Person:
    """Somebody at a browser, with a phone that makes one-time codes."""

    def __init__(self, page: Page, service: Service, name: str) -> None:
        self.page, self.service, self.name = page, service, name
        self.secret, self._used = "", 0

    def begin(self, start_code: str) -> None:
        """Choose a password, connect the phone, keep the recovery codes."""
        page = self.page
        page.goto(f"{self.service.url}/desk/begin?lang=fi")
        page.get_by_label("Käyttäjätunnus").fill(self.name)
        page.get_by_label("Aloituskoodi").fill(start_code)
        page.get_by_label("Uusi salasana", exact=True).fill(PASSWORD)
        page.get_by_label("Uusi salasana uudelleen").fill(PASSWORD)
        page.get_by_role("button", name="Jatka").click()
        expect(page.get_by_role("img", name=re.compile("QR"))).to_be_visible()
        page.locator("summary").click()
        self.secret = page.locator("details .code").inner_text().replace(" ", "")
        page.get_by_label("Kuusi numeroa sovelluksesta").fill(self.code())
        page.get_by_role("button", name="Jatka").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("link", name="Koodit ovat tallessa").click()

    def sign_in(self) -> None:
        page = self.page
        page.goto(f"{self.service.url}/desk/sign-in?lang=fi")
        page.get_by_label("Käyttäjätunnus").fill(self.name)
        page.get_by_label("Salasana").fill(PASSWORD)
        page.get_by_role("button", name="Kirjaudu sisään").click()
        page.get_by_label(re.compile("Kuusi numeroa")).fill(self.code())
        page.get_by_role("button", name="Kirjaudu sisään").click()

    def code(self) -> str:
        """A code that was not used yet; the server takes that of the next step too."""
        step = max(int(time.time()) // 30, self._used + 1)
        self._used = step
        return str(pyotp.TOTP(self.secret).generate_otp(step))
