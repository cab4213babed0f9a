"""Persons give their advance information through the real page and database."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from bot.assessment.questions import Question
from bot.assessment.summary import Subject, summarise
from bot.assessment.wording import Words, caseworker_words, person_words
from bot.composition import assessment, build_replies
from bot.records.advance import AdvanceRecords, NotFound, SentRecord
from bot.records.vault import open_vault
from tests.assessment.persons import PERSONS, TODAY, UNKNOWN, subject
from tests.browser.test_chat import PICTURES, WCAG
from tests.service import Service

pytestmark = pytest.mark.browser
PATIENCE = 15_000  # ms
PICTURED = ("N2", "A5", "H1", "E2_levels.1")


class Chat:
    """A person at the page, who answers what she is asked."""

    def __init__(self, page: Page, service: Service, language: str) -> None:
        self.page, self.service, self.language = page, service, language
        self.turns = 0
        page.goto(f"{service.url}/?lang={language}")

    @property
    def articles(self) -> Locator:
        return self.page.locator("article.silta")

    @property
    def asked(self) -> str:
        """The question that is asked now, or the kind of the last reply."""
        last = self.articles.last
        classes = str(last.get_attribute("class")).split()
        return last.get_attribute("data-question") or classes[-1]

    def press(self, payload: str) -> None:
        """Press the newest button that sends this."""
        self._turn(lambda: self.page.locator(f"button[value='{payload}']").last.click())

    def write(self, text: str) -> None:
        def send() -> None:
            self.page.locator("#message").fill(text)
            self.page.locator("#composer .send").click()

        self._turn(send)

    def begin(self, path: str) -> None:
        self.write(START[self.language])
        if self.asked != "assessment_intro":
            # not understood as what it is: the subject's own button leads there, too
            self.press_anywhere("/start_assessment")
        self.press(f'/answer{{"do": "start_{path}"}}')

    def press_anywhere(self, payload: str) -> None:
        """Send what a button would send, where no button is shown."""
        script = """value => { const form = document.createElement('form');
          form.method = 'post'; form.action = document.querySelector('#composer').action;
          const button = Object.assign(document.createElement('button'), {name: 'choice', value});
          form.append(button); document.body.append(form); button.click(); form.remove(); }"""
        self._turn(lambda: self.page.evaluate(script, payload))

    def answer(self, key: str, value: Any, words: str = "") -> None:
        """Answer as the page offers it, or in words."""
        assert self.asked == key, f"{self.asked} is asked, not {key}"
        if value is None or value == UNKNOWN:
            do = "skip" if value is None else "unknown"
            self.press(f'/answer{{"do": "{do}", "about": "{key}"}}')
        elif words:
            self.write(words)
        else:
            self._answer_by_kind(key, question_of(key), value)

    def _answer_by_kind(self, key: str, question: Question, value: Any) -> None:
        one_language = question.kind == "languages" and question.most == 1
        if question.kind in ("choice", "country", "occupation") or one_language:
            option = value[0] if one_language else value
            if self.page.locator(f"button[value='{payload(key, option)}']").count():
                self.press(payload(key, option))
            else:
                self.write(name_of(question.kind, option, self.language))
        elif question.kind == "contact":
            self.write(" ".join(value.values()))
        elif question.kind in ("several", "languages", "month", "day", "levels"):
            self._fill(key, question.kind, value)
        else:
            self.write(", ".join(map(str, value)) if isinstance(value, list) else str(value))

    def _fill(self, key: str, kind: str, value: Any) -> None:
        form = self.page.locator(f'article[data-question="{key}"]').last
        boxes = {v: form.locator(f'input[name="option"][value="{v}"]') for v in value}
        if kind == "languages" and not all(box.count() for box in boxes.values()):
            self.write(", ".join(name_of(kind, code, self.language) for code in value))
            return
        if kind in ("several", "languages"):
            for box in boxes.values():
                box.check()
        elif kind == "month":
            year, month = value.split("-")
            form.locator('select[name="month"]').select_option(month)
            form.locator('select[name="year"]').select_option(year)
        elif kind == "day":
            form.locator('input[name="date"]').fill(value)
        else:
            for skill, level in value.items():
                form.locator(f'input[name="row_{skill}"][value="{level}"]').check()
        self.press(payload(key, ""))

    def finish(self) -> tuple[str, str]:
        """Read back, send; returns reference and code."""
        assert self.asked == "assessment_review"
        self.press('/answer{"do": "right"}')
        self.press('/answer{"do": "send"}')
        expect(self.page.locator("article.assessment_sent")).to_be_visible()
        text = self.page.locator("article.assessment_sent .body").last.inner_text()
        reference = re.search(r"\d{4}-\d{4}-\d{4}", text)
        code = re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", text)
        assert reference
        assert code
        return reference.group(), code.group()

    def _turn(self, act: Any) -> None:
        before = self.articles.count()
        act()
        self.turns += 1
        expect(self.articles.nth(before)).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("article.waiting")).to_have_count(0, timeout=PATIENCE)


START = {
    "ckb": "دەمەوێت هەڵسەنگاندنی سەرەتایی دەست پێ بکەم",
    "ar": "أريد أن أبدأ التقييم الأولي",
    "fi": "Haluan aloittaa alkukartoituksen",
    "so": "Waxaan rabaa inaan bilaabo qiimaynta",
    "zh": "我想开始填写评估",
    "en": "I want to start the assessment",
    "sv": "Jag vill börja kartläggningen",
}


FLED = "لە وڵاتەکەم هەڕەشەی کوشتنم لێ کرا، بۆیە هەڵاتم و لێرە داوای پەنابەریم کرد"


def payload(key: str, option: str) -> str:
    return f'/answer{{"about": "{key}", "option": "{option}"}}'


def question_of(key: str) -> Question:
    questions = assessment().questionnaire.questions
    name, _, rest = key.partition(".")
    if questions[name].kind == "group":
        return next(p for p in questions[name].parts if p.id == rest.partition(".")[2])
    return questions[name]


def name_of(kind: str, code: str, language: str) -> str:
    locale = build_replies().catalogues.languages[language].locale
    return (locale.territories if kind == "country" else locale.languages)[code]


def in_order(value: Any) -> Any:
    """Boxes have no order."""
    return sorted(value) if isinstance(value, list) else value


def record_of(service: Service, reference: str) -> SentRecord:
    """What a caseworker gets, opened with the service's own key."""
    database = sa.create_engine(f"sqlite:///{service.folder / 'silta.db'}", future=True)
    records = AdvanceRecords(database, open_vault("", service.folder / "keys"))
    return records.opened(reference, "kajaani")


def found_in_files(service: Service, planted: tuple[str, ...]) -> list[str]:
    """Which of the words the service has written anywhere."""
    written = b"".join(p.read_bytes() for p in Path(service.folder).iterdir() if p.is_file())
    return [word for word in planted if word.encode() in written]


def picture(page: Page, name: str) -> None:
    """The last reply, to be looked at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.locator("article.silta").last.screenshot(path=PICTURES / f"assessment-{name}.png")


def note(line: str) -> None:
    """Measurements, for the documents."""
    path = Path("var/assessment-turns.txt")
    path.write_text((path.read_text() if path.exists() else "") + f"{line}\n")


def tell_all(chat: Chat, name: str, before: str = "assessment_review") -> None:
    """Answer what is asked until that question is."""
    _, _, told = PERSONS[name]
    while chat.asked not in (before, "assessment_review", "assessment_go_on"):
        if chat.asked in PICTURED:
            picture(chat.page, f"{name}-{chat.asked}")
        given = told.get(chat.asked)
        value, words = given if isinstance(given, tuple) else (given, "")
        chat.answer(chat.asked, value, words)
        if chat.asked == "assessment_go_on":
            chat.press('/answer{"do": "go_on"}')


@pytest.mark.long  # all questions, from the first to the last
def test_salma_answers_everything_in_arabic(page: Page, service: Service) -> None:
    """A full path, right to left; nothing readable is written; she follows and takes it back."""
    started = dt.datetime.now(dt.timezone.utc)
    chat = Chat(page, service, "ar")
    chat.begin("full")
    assert chat.articles.last.get_attribute("dir") == "rtl"
    tell_all(chat, "salma")
    assert "سلمى علي" in page.locator("article.assessment_review").last.inner_text()
    picture(page, "salma-review")
    reference, code = chat.finish()
    minutes = (dt.datetime.now(dt.timezone.utc) - started).total_seconds() / 60
    note(f"full path: {chat.turns} turns, {minutes:.1f} minutes by machine")
    record = record_of(service, reference)
    told = PERSONS["salma"][2]
    for key, given in told.items():
        value = given[0] if isinstance(given, tuple) else given
        assert in_order(record.answers[key].value) == in_order(value), key
    assert set(record.flags) >= {"child_without_school", "interpreter", "contact_limited"}
    assert found_in_files(service, ("سلمى", "تطريز", "5596732", "1990-05", code)) == []
    page.goto(f"{service.url}/receipt?lang=ar")
    page.fill("#reference", reference)
    page.fill("#code", code)
    page.locator("button[value=show]").click()
    page.locator("button[value=take_back]").click()
    assert page.locator("[role=status]").count() == 1
    with pytest.raises(NotFound):
        record_of(service, reference)


def test_faadumo_reads_little_and_takes_the_short_path(page: Page, service: Service) -> None:
    chat = Chat(page, service, "so")
    chat.begin("short")
    pictures = chat.articles.last.locator(".picture")
    assert pictures.count() >= 3
    tell_all(chat, "faadumo")
    reference, _ = chat.finish()
    note(f"short path: {chat.turns} turns")
    record = record_of(service, reference)
    assert record.path == "short"
    assert record.answers["A4"].value == "Faadumo Nuur"
    assert found_in_files(service, ("Faadumo", "1234567")) == []


@pytest.mark.long  # seven persons, one after the other
@pytest.mark.parametrize("name", ["olena", "navid", "irina", "dawit", "amina", "deniz", "blaise"])
def test_others_answer_in_their_languages(page: Page, service: Service, name: str) -> None:
    """What the caseworker reads of them is the golden summary, line by line."""
    language, path, _ = PERSONS[name]
    chat = Chat(page, service, language)
    chat.press_anywhere("/start_assessment")
    chat.press(f'/answer{{"do": "start_{path}"}}')
    tell_all(chat, name)
    reference, _ = chat.finish()
    note(f"{name}, {path}: {chat.turns} turns")
    is_summarised_as_golden(record_of(service, reference), name, caseworker_words("fi"))
    assert found_in_files(service, tuple(told_words(name))) == []


def is_summarised_as_golden(record: SentRecord, name: str, words: Words) -> None:
    """What was sent says, line by line, what the golden files of tests/assessment say."""
    sent = Subject(record.answers, record.language, record.path)
    told = subject(assessment().questionnaire, name)
    got, wanted = (
        [(x.key, x.value) for block in summary.blocks for x in block.lines]
        for summary in (
            summarise(assessment(), s, words, TODAY, words.officer) for s in (sent, told)
        )
    )
    assert got == wanted


@pytest.mark.long  # all questions, from the first to the last
@pytest.mark.understanding  # what he tells must be taken for what it is
def test_hiwa_tells_in_sorani_what_must_not_be_told(page: Page, service: Service) -> None:
    """Why he fled is not kept: he is told so kindly, a person is offered, and he reads his own
    summary from right to left.
    """
    chat = Chat(page, service, "ckb")
    chat.begin("full")
    assert chat.articles.last.get_attribute("dir") == "rtl"
    tell_all(chat, "hiwa", before="M1")
    chat.write(FLED)
    blanked = page.locator("article.assessment_blanked_topic")
    expect(blanked).to_have_count(1)
    assert blanked.get_attribute("lang") == "ckb"
    assert blanked.locator("button[value='/handoff']").count() == 1
    picture(page, "hiwa-review")
    review = page.locator("article.assessment_review").last
    assert review.get_attribute("dir") == "rtl"
    assert "هیوا" in review.inner_text()
    assert FLED not in review.inner_text()
    reference, _ = chat.finish()
    note(f"hiwa, full: {chat.turns} turns")
    record = record_of(service, reference)
    own = person_words(build_replies().catalogues.translator("ckb"), "Kajaani")
    for words in (caseworker_words("fi"), own):
        is_summarised_as_golden(record, "hiwa", words)
    assert record.answers["M1"].said == "[…]"
    assert record.answers["M1"].redacted
    assert found_in_files(service, ("هیوا", "3334444", FLED, "کوشتن")) == []


def told_words(name: str) -> list[str]:
    """Names and phone numbers, which nobody else has."""
    told = PERSONS[name][2]
    return [told["A4"], *(v[4:] for v in (told["A6"] or {}).values())]


def test_mei_interrupts_and_changes_her_mind(page: Page, service: Service) -> None:
    """A question and another language in the middle, back, and a correction at the end."""
    chat = Chat(page, service, "zh")
    chat.begin("short")
    chat.answer("N2", "helped")
    chat.press('/answer{"do": "back", "about": "A1"}')
    chat.answer("N2", "self")
    chat.write("我怎么在卫生中心预约看医生？")
    assert page.locator("article.silta.answer, article.silta.suggest").count() >= 1
    assert chat.asked == "A1"
    chat.answer("A1", ["zh"])
    chat.answer("A2", "no")
    chat.answer("A4", "李梅")
    chat.answer("A5", "1992-08")
    chat.answer("A6", {"email": "mei@example.org"})
    page.reload()  # the conversation comes back, and the question is still asked
    assert chat.asked == "A7"
    for key in ("A7", "R1", "E3", "E5", "K1", "K2"):
        chat.answer(key, PERSONS["mei"][2][key])
    chat.press('/answer{"do": "change", "about": "contact"}')
    chat.press('/answer{"do": "edit", "about": "A7"}')
    chat.answer("A7", "sms_only")
    assert chat.asked == "assessment_review"
    reference, _ = chat.finish()
    assert record_of(service, reference).answers["A7"].value == "sms_only"
    assert found_in_files(service, ("李梅", "mei@example.org")) == []


def test_what_must_not_be_told_is_not_kept(page: Page, service: Service) -> None:
    """In Finnish: an identity code, an account, a story of violence. Blanked, told kindly."""
    chat = Chat(page, service, "fi")
    chat.begin("full")
    told = {**PERSONS["tomas"][2], "A1": ["fi"]}
    while chat.asked != "M1":
        if chat.asked == "A4":
            chat.write("Tomi Testi 131052-308T")
            assert page.locator("article.assessment_blanked_identity_code").count() == 1
        else:
            given = told.get(chat.asked)
            chat.answer(chat.asked, given)
    chat.write("Tilini on FI21 1234 5600 0007 85 ja haluan töitä")
    assert page.locator("article.assessment_blanked_bank_account").count() == 1
    reference, _ = chat.finish()
    record = record_of(service, reference)
    assert record.answers["A4"].value == "Tomi Testi […]"
    assert record.answers["M1"].value == "Tilini on […] ja haluan töitä"
    assert record.answers["M1"].redacted
    assert found_in_files(service, ("131052", "308T", "0007 85", "Tomi Testi")) == []


def test_a_minor_is_stopped(page: Page, service: Service) -> None:
    chat = Chat(page, service, "en")
    chat.begin("short")
    for key, value in (("N2", "self"), ("A1", ["en"]), ("A2", "no"), ("A4", "Plantedminor")):
        chat.answer(key, value)
    chat.answer("A5", f"{dt.date.today().year - 15}-01")
    assert chat.asked == "assessment_stop_minor"
    assert chat.articles.last.locator("a.phone").count() >= 1
    chat.press_anywhere("/start_assessment")
    assert chat.asked == "assessment_intro"  # nothing is left to go on with
    assert found_in_files(service, ("Plantedminor",)) == []


def test_a_killed_service_loses_no_answer(page: Page, service: Service) -> None:
    """kill -9 between two questions: the answer is there, the next question is asked."""
    chat = Chat(page, service, "en")
    chat.begin("short")
    chat.answer("N2", "self")
    service.kill()
    page.locator("button[value='" + payload("A1", "so") + "']").last.click()
    expect(page.locator("#status")).not_to_be_empty(timeout=5_000)
    service.start()
    expect(page.locator('article[data-question="A2"]')).to_be_visible(timeout=45_000)


def test_she_goes_on_with_another_phone(page: Page, service: Service, browser: Browser) -> None:
    chat = Chat(page, service, "en")
    chat.begin("short")
    chat.answer("N2", "self")
    chat.press('/answer{"do": "pause", "about": "A1"}')
    link = page.locator("article.assessment_link a").last.get_attribute("href")
    assert link
    other = browser.new_context().new_page()
    other.goto(service.url + link[link.index("/resume") :])
    other.locator("button.send").click()
    expect(other.locator('article[data-question="A1"]')).to_be_visible(timeout=PATIENCE)
    other.context.close()


def test_axe_finds_nothing_in_the_form(page: Page, service: Service) -> None:
    """Boxes, lists, a table, the reading back, the receipt's page."""
    chat = Chat(page, service, "fi")
    chat.begin("full")
    seen: set[str] = set()
    told = PERSONS["salma"][2]
    while chat.asked != "assessment_review":
        kind = question_of(chat.asked).kind
        if kind not in seen:
            seen.add(kind)
            check(page)
        given = told.get(chat.asked)
        chat.answer(chat.asked, given[0] if isinstance(given, tuple) else given)
    check(page)
    chat.press('/answer{"do": "right"}')
    chat.press('/answer{"do": "delete"}')
    chat.press('/answer{"do": "delete_all"}')
    page.goto(f"{service.url}/receipt?lang=fi")
    check(page)
    page.goto(f"{service.url}/resume?lang=fi&code=x")
    check(page)


def check(page: Page) -> None:
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, results.generate_report()


def test_without_javascript(browser: Browser, service: Service) -> None:
    """The form alone: boxes, lists and the reading back work by plain posts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}/?lang=en")
    page.fill("#message", START["en"])
    page.locator("#composer .send").click()
    page.locator('button[value=\'/answer{"do": "start_short"}\']').click()
    for key, option in (("N2", "self"), ("A1", "so"), ("A2", "no")):
        page.locator(f"button[value='{payload(key, option)}']").last.click()
    page.locator('button[value=\'/answer{"do": "skip", "about": "A4"}\']').last.click()
    page.locator('select[name="month"]').last.select_option("05")
    page.locator('select[name="year"]').last.select_option("1990")
    page.locator(f"button[value='{payload('A5', '')}']").last.click()
    assert page.locator('article[data-question="A6"]').count() == 1
    context.close()
