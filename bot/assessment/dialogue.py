"""One turn of the questions: what was heard in, the new draft and what is said out. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.assessment import flow
from bot.assessment.answers import (
    CLIENT,
    GIVEN,
    HELPER,
    SKIPPED,
    UNKNOWN,
    Answer,
    Draft,
    timestamp,
)
from bot.assessment.flow import REVIEW, SEND, Step
from bot.assessment.questionnaire import Questionnaire
from bot.assessment.reading.reader import Reader, Reading
from bot.assessment.reading.text import normalise
from bot.redaction import BLANK, redact

PATIENCE = 3  # answers that are not understood before a question is skipped
NOTE = "utter_assessment_note"
GO_ON = "go_on"
NAME_WORDS = 5


@dataclass(frozen=True)
class Heard:
    """What came from the person: a button (``do``, ``about``, ``option``) or words.

    ``intent`` and ``topic`` are the language model's; ``danger`` is a kind of danger where it was
    heard for certain. ``delivery`` is the client's id of the message.
    """

    language: str
    do: str = ""
    about: str = ""
    option: str = ""
    words: str = ""
    intent: str = ""
    topic: str = ""
    danger: str = ""
    delivery: str = ""


def is_asked(words: str) -> bool:
    """Whether words are meant as a question, in whatever language: by their mark."""
    return any(mark in words for mark in "?？؟")


@dataclass(frozen=True)
class Said:
    """A reply: its key and parameters."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """What follows. ``draft`` is None where the answers are to be deleted.

    ``ends`` says that the form is left; ``effect`` is ``send`` where everything is to be sent.
    """

    draft: Draft | None
    said: tuple[Said, ...] = ()
    ends: bool = False
    effect: str = ""


@dataclass(frozen=True)
class Dialogue:
    """The questions and a reader for the language of the conversation.

    ``commands`` are words that people type in place of pressing a button: «skip», «back».
    """

    questionnaire: Questionnaire
    reader: Reader
    today: dt.date
    commands: Mapping[str, str] = field(default_factory=dict)

    def start(self, path: str, heard: Heard) -> Turn:
        """A new draft at its first question. Pressing the button is the consent that is noted."""
        draft = Draft(heard.language, self.questionnaire.version, path, started_at=timestamp())
        return Turn(flow.begin(self.questionnaire, draft, self.today))

    def press(self, draft: Draft, heard: Heard) -> Turn:
        """A button: an option of a question, or one of the commands."""
        draft = replace(draft, language=heard.language, waiting="")
        if heard.about and not heard.do:
            return self._option(draft, heard)
        commands: dict[str, Callable[[Draft, Heard], Turn]] = {
            GO_ON: lambda draft, heard: Turn(draft),
            "skip": self._pass,
            "unknown": self._pass,
            "back": lambda draft, heard: Turn(flow.back(draft)),
            "pause": lambda draft, heard: Turn(draft, (Said("utter_assessment_paused"),), True),
            "leave": lambda draft, heard: Turn(draft, (Said("utter_assessment_left"),), True),
            "save": self._save,
            "review": lambda draft, heard: Turn(self._at_review(draft)),
            "change": self._change,
            "edit": self._edit,
            "right": self._right,
            "send": self._send,
            "delete": self._delete,
            "delete_all": lambda draft, heard: Turn(
                None, (Said("utter_assessment_deleted"),), True
            ),
        }
        command = commands.get(heard.do)
        return command(draft, heard) if command else Turn(draft)

    def words(self, draft: Draft, heard: Heard) -> Turn | None:
        """Words. None means that they are no answer: a question, a wish, something else."""
        was, draft = draft.waiting, replace(draft, language=heard.language, waiting="")
        step = self._step(draft)
        if heard.danger and not self._is_name(draft, step, heard):
            return self._danger(draft, step, heard)
        command = self.commands.get(normalise(heard.words))
        if command:
            return self.press(draft, replace(heard, do=command, about=draft.current))
        if was == GO_ON and heard.intent in ("affirm", "deny"):
            return self.press(
                draft, replace(heard, do=GO_ON if heard.intent == "affirm" else "leave")
            )
        if step is not None and self._is_answer(step, heard):
            return self._hear(draft, step, heard)
        return None

    def _danger(self, draft: Draft, step: Step | None, heard: Heard) -> Turn:
        """The numbers first. What was written is kept only where it picks an option."""
        if step and step.question.kind == "choice" and self._understands(step, heard):
            draft = self._hear(draft, step, heard).draft or draft
        else:
            draft = flow.missed(draft)
        said = (Said("utter_urgent", {"kind": heard.danger}), Said("utter_assessment_go_on"))
        return Turn(replace(draft, waiting=GO_ON), said)

    def _hear(self, draft: Draft, step: Step, heard: Heard) -> Turn:
        text, kinds = redact(heard.words, contacts_too=step.question.kind != "contact")
        notes = tuple(Said(f"utter_assessment_blanked_{kind}") for kind in kinds)
        if step.question.free and heard.topic in self.questionnaire.blank_topics:
            return self._blanked_by_topic(draft, step, heard, notes)
        if kinds and not text.replace(BLANK, "").strip():
            return Turn(draft, notes)
        reading = self.reader.words(text, step.question, heard.intent)
        if reading.value is None:
            return Turn(draft, notes) if kinds else self.miss(draft, heard)
        answer = self._answer(draft, step, heard, reading.value)
        answer = replace(answer, said=text, redacted=bool(kinds))
        return self._take(draft, step, answer, notes)

    def miss(self, draft: Draft, heard: Heard) -> Turn:
        """Words that nothing could be made of: one hint, then buttons, then on without it."""
        step = self._step(draft)
        if step is None:
            return Turn(draft)
        draft = flow.missed(draft)
        if draft.misses >= PATIENCE and step.owner.skippable:
            return self._take(draft, step, self._answer(draft, step, heard, None, SKIPPED), ())
        reading = self.reader.words(heard.words, step.question, heard.intent)
        return Turn(draft, (self._hint(draft, step, reading),))

    def _is_answer(self, step: Step, heard: Heard) -> bool:
        """Whether words are an answer before they are anything else. A question mark makes them
        a question; where own words are asked for, all others are the answer, and so is what must
        be blanked.
        """
        if is_asked(heard.words):
            return False
        own_words = step.question.kind == "text"
        return own_words or bool(redact(heard.words)[1]) or self._understands(step, heard)

    def _is_name(self, draft: Draft, step: Step | None, heard: Heard) -> bool:
        """Whether something short was written where a name was asked for: it is no cry for help.
        A job's title that sounded like one is taken when it is written again.
        """
        if step is None or step.question.kind != "text" or step.question.free:
            return False
        short = len(heard.words.split()) <= NAME_WORDS
        return short and (step.question.keep == "name" or draft.misses > 0)

    def _understands(self, step: Step, heard: Heard) -> bool:
        return self.reader.words(heard.words, step.question, heard.intent).value is not None

    def _step(self, draft: Draft) -> Step | None:
        return flow.step_of(self.questionnaire, draft, draft.current, self.today)

    def _option(self, draft: Draft, heard: Heard) -> Turn:
        """An option. One of an earlier question corrects that one; pressed twice it counts once."""
        step = flow.step_of(self.questionnaire, draft, heard.about, self.today)
        if step is None or (step.key != draft.current and step.key not in draft.answers):
            return Turn(draft)
        value = self.reader.buttons(heard.option, step.question)
        if value is None:
            return Turn(draft, (self._hint(draft, step, Reading()),))
        if step.key != draft.current:
            if draft.answers[step.key].value == value:
                return Turn(draft)
            draft = flow.edit(draft, step.key)
        return self._take(draft, step, self._answer(draft, step, heard, value), ())

    def _take(self, draft: Draft, step: Step, answer: Answer, before: tuple[Said, ...]) -> Turn:
        taken = flow.take(self.questionnaire, draft, answer, self.today)
        reason = flow.stopped(self.questionnaire, taken, self.today)
        if reason:
            return Turn(None, (*before, Said(f"utter_assessment_stop_{reason}")), True)
        option = step.question.option(str(answer.value)) if answer.status == GIVEN else None
        after: tuple[Said, ...] = ()
        if option and option.notice:
            after = (Said(NOTE, {"note": option.notice}),)
        if option and option.urgent:
            urgent = Said("utter_urgent", {"kind": option.urgent})
            after = (urgent, Said("utter_assessment_go_on"))
            taken = replace(taken, waiting=GO_ON)
        return Turn(taken, (*before, *after))

    def _pass(self, draft: Draft, heard: Heard) -> Turn:
        """Skip, or «I do not know»: only of the question that is now asked."""
        step = self._step(draft)
        if step is None or heard.about != step.key or not step.owner.skippable:
            return Turn(draft)
        status = SKIPPED if heard.do == "skip" else UNKNOWN
        return self._take(draft, step, self._answer(draft, step, heard, None, status), ())

    def _at_review(self, draft: Draft) -> Draft:
        complete = flow.next_key(self.questionnaire, draft, self.today) == REVIEW
        return replace(draft, current=REVIEW, editing=False) if complete else draft

    def _change(self, draft: Draft, heard: Heard) -> Turn:
        """The answers of a section, to choose one to change."""
        params = {"section": heard.about, "draft": draft.as_json()}
        choose = Said("utter_assessment_choose_answer", params)
        return Turn(replace(draft, waiting="change"), (choose,))

    def _edit(self, draft: Draft, heard: Heard) -> Turn:
        step = flow.step_of(self.questionnaire, draft, heard.about, self.today)
        return Turn(flow.edit(draft, step.key) if step else draft)

    def _right(self, draft: Draft, heard: Heard) -> Turn:
        return Turn(replace(draft, current=SEND) if draft.current == REVIEW else draft)

    def _send(self, draft: Draft, heard: Heard) -> Turn:
        if draft.current != SEND:
            return Turn(self._at_review(draft))
        return Turn(draft, (), True, "send")

    def _save(self, draft: Draft, heard: Heard) -> Turn:
        said = (Said("utter_assessment_paused"), Said("utter_assessment_copy"))
        return Turn(draft, said, True)

    def _delete(self, draft: Draft, heard: Heard) -> Turn:
        return Turn(replace(draft, waiting="delete"), (Said("utter_assessment_delete"),))

    def _blanked_by_topic(
        self, draft: Draft, step: Step, heard: Heard, notes: tuple[Said, ...]
    ) -> Turn:
        answer = replace(self._answer(draft, step, heard, BLANK), said=BLANK, redacted=True)
        said = (*notes, Said("utter_assessment_blanked_topic"))
        return self._take(draft, step, answer, said)

    def _answer(
        self, draft: Draft, step: Step, heard: Heard, value: Any, status: str = GIVEN
    ) -> Answer:
        helped = (draft.value("N2") or "self") != "self"
        return Answer(
            question=step.key,
            status=status,
            value=value,
            language=heard.language,
            answered_at=timestamp(),
            source=HELPER if helped else CLIENT,
            item=step.item,
        )

    def _hint(self, draft: Draft, step: Step, reading: Reading) -> Said:
        """What would be understood. The second time it is said that skipping is all right."""
        return Said(
            "utter_assessment_hint",
            {
                "kind": step.question.kind,
                "about": step.key,
                "count": step.question.most or 0,
                "again": draft.misses > 1,
                "suggestions": list(reading.suggestions),
            },
        )
