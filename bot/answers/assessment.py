"""The replies of the advance information: questions, hints, reading back, receipts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date, format_skeleton

from bot.answers import blocks
from bot.answers.blocks import Block, Labels
from bot.answers.inputs import Inputs, Suggest, answer_payload
from bot.assessment import flow
from bot.assessment.answers import FULL, SHORT, Draft, draft_from_json
from bot.assessment.assessment import Assessment
from bot.assessment.flow import Step
from bot.assessment.reading.names import country_name, language_name
from bot.assessment.summary import Subject, Summary, as_text, summarise
from bot.assessment.wording import Words, person_words
from bot.i18n.bidi import isolate
from bot.i18n.catalogues import Translator
from bot.i18n.formats import duration, hours, minutes
from bot.messages import Button, Reply

FORM = "assessment"  # marks replies of the form: what the person wrote is not kept with them
# Replies that repeat answers or hold a secret: shown once, never kept with the conversation.
PRIVATE = frozenset({"utter_assessment_review", "utter_assessment_sent", "utter_assessment_link"})
PAGES = {"utter_assessment_copy": "/answers", "utter_assessment_sent": "/receipt"}
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Terms:
    """What the form tells of itself: how long things are kept, and where its page is."""

    draft_hours: int
    sent_days: int
    public_url: str


class AssessmentReplies:
    """Renders what the form says. ``municipality`` gives the town's name in a language."""

    def __init__(
        self,
        assessment: Assessment,
        labels: Labels,
        municipality: Callable[[str], str],
        terms: Terms,
        today: Callable[[], dt.date] = dt.date.today,
        suggest: Suggest = lambda said: (),
    ) -> None:
        self._assessment = assessment
        self._terms = terms
        self._labels = labels
        self._municipality = municipality
        self._today = today
        self._inputs = Inputs(assessment, labels, today, suggest)
        self.renderers: dict[str, Callable[[Translator, Params], Reply]] = {
            "utter_assessment_question": self._question,
            "utter_assessment_note": self._note,
            "utter_assessment_hint": self._hint,
            "utter_assessment_review": self._review,
            "utter_assessment_choose_answer": self._choose,
        }

    def copy(self, subject: Subject, translate: Translator) -> Summary:
        """The person's own copy of her answers."""
        day = subject.sent_at.date() if subject.sent_at else self._today()
        return summarise(self._assessment, subject, self._words(translate), day, officer=False)

    def copy_text(self, subject: Subject, translate: Translator) -> str:
        """The same as plain text."""
        text = as_text(self.copy(subject, translate))
        return isolate(text) if translate.language.right_to_left else text

    def values(self, key: str, translate: Translator, params: Params) -> dict[str, str]:
        """What stands in the place of {hours}, {link} and so on in a fixed sentence."""
        language = translate.language
        url = self._terms.public_url.rstrip("/")
        link = params.get("link") or f"{url}{PAGES.get(key, '/')}?lang={language.code}"
        return {
            "hours": hours(self._terms.draft_hours, language),
            "time": duration(self._terms.sent_days, language),
            "full_time": self._length(FULL, translate),
            "short_time": self._length(SHORT, translate),
            "link": str(link),
            "reference": str(params.get("reference", "")),
            "secret": str(params.get("secret", "")),
        }

    def _length(self, path: str, translate: Translator) -> str:
        """About how long a path takes, from its beginning."""
        questionnaire = self._assessment.questionnaire
        draft = flow.begin(questionnaire, Draft("", "", path), self._today())
        return in_minutes(flow.progress(questionnaire, draft, self._today())[2], translate)

    def _words(self, translate: Translator) -> Words:
        return person_words(translate, self._municipality(translate.language.code))

    def _label(self, name: str, translate: Translator, **params: str | int) -> str:
        return translate.plain(self._labels[name], **params)

    def _question(self, translate: Translator, params: Params) -> Reply:
        draft, today = draft_from_json(params["draft"]), self._today()
        questionnaire, words = self._assessment.questionnaire, self._words(translate)
        step = flow.step_of(questionnaire, draft, draft.current, today)
        if step is None:
            raise KeyError(draft.current)
        number, total, left = flow.progress(questionnaire, draft, today)
        time = in_minutes(left, translate)
        text = translate(
            step.question.question,
            item=words.item(step.item),
            municipality=self._municipality(translate.language.code),
        )
        shown: list[Block] = [
            blocks.note(translate(self._labels["progress"], number=number, total=total, time=time)),
            {**blocks.heading(text), "question": step.key},
            self._why(step, translate),
        ]
        buttons = self._inputs.buttons(draft, step, words)
        groups = [{"label": "", "count": len(buttons)}] if buttons else []
        controls = self._controls(draft, step, translate)
        groups.append({"label": "", "count": len(controls)})
        return _reply(
            translate,
            "assessment_question",
            shown,
            (*buttons, *controls),
            groups=groups,
            question=step.key,
            private=True if step.owner.each or step.question.said_in else None,
            input=self._inputs.for_step(draft, step, words, translate),
        )

    def _why(self, step: Step, translate: Translator) -> Block:
        why = translate(step.question.why)
        return {
            "type": "why",
            "title": self._label("why", translate),
            "text": why.text,
            "lang": why.lang,
        }

    def _controls(self, draft: Draft, step: Step, translate: Translator) -> list[Button]:
        found = []
        if step.owner.skippable:
            found = [("skip", "skip"), ("unknown", "do_not_know")]
        if draft.trail or draft.editing:
            found.append(("back", "back"))
        found.append(("pause", "pause"))
        buttons = [
            Button(self._label(label, translate), command_payload(do, step.key))
            for do, label in found
        ]
        return [*buttons, Button(self._label("talk_to_person", translate), "/handoff")]

    def _note(self, translate: Translator, params: Params) -> Reply:
        shown = [blocks.paragraph(translate(params["note"]))]
        return _reply(translate, "assessment_note", shown, private=True)

    def _hint(self, translate: Translator, params: Params) -> Reply:
        text = self._assessment.questionnaire.hints[params["kind"]]
        example = self._example(params["kind"], translate)
        hint = translate(text, example=example, count=params["count"])
        shown = [
            blocks.paragraph(translate(self._labels["not_understood"])),
            blocks.paragraph(hint),
        ]
        if params["again"]:
            shown.append(blocks.paragraph(translate(self._labels["choose_or_skip"])))
        buttons: list[Button] = []
        if params["suggestions"]:
            shown.append(blocks.paragraph(translate(self._labels["did_you_mean"])))
            name = country_name if params["kind"] == "country" else language_name
            buttons = [
                Button(name(code, translate.language.locale), answer_payload(params["about"], code))
                for code in params["suggestions"]
            ]
        private = True if buttons else None
        return _reply(translate, "assessment_hint", shown, tuple(buttons), private=private)

    def _example(self, kind: str, translate: Translator) -> str:
        locale, today = translate.language.locale, self._today()
        examples: dict[str, Callable[[], str]] = {
            "month": lambda: str(format_skeleton("yMMMM", today, locale=locale)),
            "day": lambda: str(format_date(today, "long", locale=locale)),
            "years": lambda: f"{today.year - 9}, {today.year - 5}",
            "languages": lambda: f"{language_name('ar', locale)}, {language_name('fr', locale)}",
        }
        return examples.get(kind, lambda: "5")()

    def _review(self, translate: Translator, params: Params) -> Reply:
        """All answers by section, a button for each section, and «everything is right»."""
        draft = draft_from_json(params["draft"])
        summary = self.copy(Subject(draft.answers, draft.language, draft.path), translate)
        shown = [blocks.paragraph(translate(params["text"]))]
        for block in summary.blocks:
            rows = [{"key": x.key, "label": x.label, "value": x.value} for x in block.lines]
            shown.append({"type": "answers", "title": block.title, "items": rows})
        shown += [
            {"type": "paragraph", "text": note, "lang": translate.language.code}
            for note in summary.notes
        ]
        right = Button(self._label("all_right", translate), command_payload("right"))
        change = tuple(
            Button(block.title, command_payload("change", block.id)) for block in summary.blocks
        )
        groups = [
            {"label": "", "count": 1},
            {"label": self._label("change_something", translate), "count": len(change)},
        ]
        return _reply(
            translate, "assessment_review", shown, (right, *change), groups=groups, private=True
        )

    def _choose(self, translate: Translator, params: Params) -> Reply:
        """The questions of one section, each a button."""
        draft, words = draft_from_json(params["draft"]), self._words(translate)
        steps = flow.steps(self._assessment.questionnaire, draft, self._today())
        buttons = [
            Button(words.question(s.question, s.item), command_payload("edit", s.key))
            for s in steps
            if s.owner.section == params["section"] and s.key in draft.answers
        ]
        back = Button(self._label("back", translate), command_payload("review"))
        shown = [blocks.paragraph(translate(params["text"]))]
        return _reply(translate, "assessment_choose", shown, (*buttons, back), private=True)


def command_payload(do: str, about: str = "") -> str:
    """What pressing a command sends."""
    return f"/answer{json.dumps({'do': do, **({'about': about} if about else {})})}"


def in_minutes(seconds: int, translate: Translator) -> str:
    """A length of time in whole minutes, at least one, in words."""
    return minutes(max(1, round(seconds / 60)), translate.language)


def _reply(
    translate: Translator,
    kind: str,
    shown: list[Block],
    buttons: tuple[Button, ...] = (),
    **more: Any,
) -> Reply:
    custom = {
        "kind": kind,
        "language": translate.language.code,
        "blocks": shown,
        "form": FORM,
        **{name: value for name, value in more.items() if value is not None},
    }
    return Reply(blocks.plain_text(shown, translate.language.right_to_left), buttons, custom)
