"""Long texts are cut where a reader would pause, and nothing of them is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n.bidi import FSI, LRI, PDI, balanced, isolate
from bot.messaging.splitting import split

MARKS = f"{LRI}{FSI}{PDI}"


def _bare(text: str) -> str:
    return "".join(char for char in text if char not in MARKS and not char.isspace())


def test_borders_are_paragraphs_then_sentences_then_words() -> None:
    assert split("First one.\n\nSecond one. Third.", 22) == ["First one.", "Second one. Third."]
    assert split("One is here. Two is here. Three", 20) == ["One is here.", "Two is here. Three"]
    assert split("no end in sight here", 11) == ["no end in", "sight here"]
    assert split("第一句话。第二句话。", 6) == ["第一句话。", "第二句话。"]
    assert split("ሓደ እዩ። ክልተ እዩ።", 9) == ["ሓደ እዩ።", "ክልተ እዩ።"]
    assert split("هل هذا صحيح؟ نعم هو.", 14) == ["هل هذا صحيح؟", "نعم هو."]


def test_an_isolate_that_is_cut_is_closed_and_opened_again() -> None:
    text = isolate("اتصل بمركز Kajaanin kansainväliset palvelut International Info الآن")
    pieces = split(text, 30)
    assert len(pieces) > 2
    assert all(balanced(piece) for piece in pieces)


@given(st.text(alphabet=st.sampled_from("abcde .!?\n。؟ابت7"), max_size=400), st.integers(8, 60))
@settings(max_examples=300, deadline=None)
def test_no_piece_is_too_long_and_nothing_is_lost(text: str, longest: int) -> None:
    text = isolate(text)
    pieces = split(text, longest)
    assert all(0 < len(piece) <= longest for piece in pieces)
    assert all(balanced(piece) for piece in pieces)
    assert _bare("".join(pieces)) == _bare(text)


@given(st.text(max_size=300), st.integers(4, 50))
@settings(max_examples=300, deadline=None)
def test_any_text_in_utf_16_units(text: str, longest: int) -> None:
    def units(piece: str) -> int:
        return len(piece.encode("utf-16-le", "surrogatepass")) // 2

    bare = "".join(char for char in text if char not in "\u2066\u2067\u2068\u2069")
    pieces = split(bare, longest, units)
    assert all(units(piece) <= longest for piece in pieces)
    assert _bare("".join(pieces)) == _bare(bare)
