"""What drift decides without an array: languages, words, windows, rates, names."""

from __future__ import annotations

import pytest

from labeltool.errors import UsageError
from labeltool.model.case import Message
from labeltool.model.drift import PastWindow, Window
from labeltool.model.record import Record
from labeltool.rules import drift, drift_windows
from labeltool.rules.drift_names import Known, Unnamed, named, with_decisions
from labeltool.rules.drift_output import faults, length_bin, length_of, quantile
from labeltool.rules.drift_rates import BEFORE, Least, Rate, Series, judged, shown
from labeltool.rules.drift_text import Words, asked, language, shared, slug, telling, tokens


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Where is my parcel, and when will it come?", "en"),
        ("Wo ist mein Paket und wann kommt es an?", "de"),
        ("Où est mon colis et quand est-ce que je le reçois ?", "fr"),
        ("¿Dónde está mi paquete y cuándo llega a la casa?", "es"),
        ("Waar is mijn pakket en wanneer komt het?", "nl"),
        ("Где моя посылка?", "ru"),
        ("私の荷物はどこですか", "ja"),
        ("我的包裹在哪里", "zh"),
        ("내 소포는 어디에 있습니까", "ko"),
        ("أين طردي؟", "ar"),
        ("order 4711", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_script_or_its_commonest_words(
    text: str, name: str | None
) -> None:
    assert language(text) == name


def test_what_the_user_said_is_looked_at_and_not_the_prompt_around_it() -> None:
    messages = [Message(role="system", content="Be kind."), Message(role="user", content="Hello")]
    assert asked(messages) == "Hello"
    assert asked(messages[:1]) == "Be kind."
    assert len(asked("x" * 10_000)) == 4_000


def test_telling_words_are_those_of_many_texts_and_of_few_others() -> None:
    part = Words(["lost my passport Jane", "my passports expired", "a passport for the visa"])
    rest = Words(["where is my parcel", "lost the parcel", "refund please", "lost my card"])
    assert telling(part, rest)[0] in ("passport", "passports")
    assert "jane" not in telling(part, rest), "what one person said is no topic"
    assert telling(Words(), rest) == []
    assert tokens("[EMAIL_1a2b] 4711 and the Visa's") == {"visa"}


def test_names_are_made_of_words_and_never_given_twice() -> None:
    assert slug(["Über", "pass-port", "x"], {}, "cluster") == "uber-passport-x"
    assert slug(["a", "b"], {"a-b", "a-b-2"}, "cluster") == "a-b-3"
    assert slug(["\u4f60"], {}, "cluster") == "cluster"
    assert shared(["a", "b"], ["b", "c"]) == pytest.approx(1 / 3)
    assert shared([], []) == 0


PACKED = {"north": "fwA=", "east": "AH8=", "northish": "fxQ=", "south": "gQA="}


def test_a_cluster_is_known_by_its_direction_else_by_its_words() -> None:
    old = [
        Known("visa", ("visa",), PACKED["north"], "m@1"),
        Known("fees", ("fee", "price"), PACKED["east"], "m@0"),
    ]
    found = [
        Unnamed(("travel",), PACKED["northish"]),
        Unnamed(("fee", "price", "cost"), PACKED["south"]),
        Unnamed(("other",), PACKED["east"]),
    ]
    names = named(found, old, "m@1")
    assert [name for name, _ in names] == ["visa", "fees", "other"]
    assert [known is not None for _, known in names] == [True, True, False]


def test_a_new_cluster_takes_no_name_that_means_another() -> None:
    old = [Known("visa", ("embassy",), PACKED["east"], "m@1")]
    assert named([Unnamed(("visa",), PACKED["north"])], old, "m@1") == [("visa-2", None)]
    bare = Known("visa", scope="out")
    assert named([Unnamed(("visa",), PACKED["north"])], [bare], "m@1") == [("visa", bare)]


def test_what_was_decided_is_joined_to_what_is_known_of_it() -> None:
    old = [Known("a", ("x",), "fwA=", "m@1"), Known("b", ("y",))]
    found = with_decisions(old, {"a": Known("a", scope="out", reason="no")})
    assert found == [Known("a", ("x",), "fwA=", "m@1", "out", "no"), Known("b", ("y",))]


def test_windows_have_widths_places_and_names() -> None:
    assert drift_windows.seconds("15m") == 900
    assert drift_windows.seconds("1w") == 7 * 86_400
    for wrong in ("0h", "h", "1y", "-1d", "1.5h", "999999d"):
        with pytest.raises(UsageError, match="no stretch of time"):
            drift_windows.seconds(wrong)
    hour = drift_windows.place("2026-11-02T14:59:59+01:00", 3_600)
    assert hour is not None
    assert drift_windows.start(hour, 3_600) == "2026-11-02T13:00:00Z"
    assert drift_windows.place("2026-11-02", 86_400) == drift_windows.place(
        "2026-11-02T23:00:00Z", 86_400
    )
    assert drift_windows.place(None, 60) is None
    assert drift_windows.start(10**12, 86_400) == f"window {10**12}"
    assert drift_windows.fitting(range(48), 3_600, most=14) == 6 * 3_600
    assert drift_windows.fitting([], 3_600, most=14) == 3_600
    assert drift_windows.fitting([0, 10**9], 3_600, most=2) == 364 * 86_400


LEAST = Least(now=10, before=10, points=0.1, times=2)


def test_a_rate_alerts_where_it_rose_beyond_chance_and_far_enough_to_matter() -> None:
    series: dict[str, Series] = {
        "worse": {1: Rate(2, 50), 2: Rate(3, 50), 3: Rate(30, 50)},
        "same": {1: Rate(5, 50), 2: Rate(5, 50), 3: Rate(6, 50)},
        "little": {1: Rate(10, 5000), 2: Rate(100, 5000)},
        "few": {1: Rate(0, 9), 2: Rate(9, 9)},
    }
    found = judged(series, LEAST)
    alerts = [(one.name, one.window, one.before) for one in found if one.alert]
    assert alerts == [("worse", 3, Rate(5, 100))]
    assert [one.name for one in shown(found)] == ["worse", "same", "little", "few"]
    assert next(one for one in found if one.name == "few" and one.window == 2).before is None


def test_the_first_window_is_held_against_the_later_ones_where_that_is_asked() -> None:
    series: dict[str, Series] = {"cut": {1: Rate(30, 50), 2: Rate(1, 50), 3: Rate(1, 50)}}
    assert not any(one.alert for one in judged(series, LEAST))
    first = judged(series, LEAST, look_ahead=True)[0]
    assert (first.window, first.before, first.alert) == (1, Rate(2, 100), True)


def test_a_baseline_comes_before_all_windows_and_serves_logs_without_time() -> None:
    found = judged({"cut": {BEFORE: Rate(1, 100), None: Rate(40, 80)}}, LEAST)
    assert [(one.window, one.alert) for one in found] == [(None, True)]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"output": "", "finish_reason": "stop"}, "empty"),
        ({"output": "Once upon a", "finish_reason": "MAX_TOKENS"}, "truncated"),
        ({"output": "{broken", "expects": "json"}, "invalid_json"),
        ({"output": "I'm sorry, but I can't help with that request."}, "refusal"),
        ({"output": "As an AI language model, no."}, "refusal"),
        ({"output": "Das kann ich leider nicht beantworten."}, "refusal"),
        ({"output": "x", "finish_reason": "content_filter"}, "refusal"),
        ({"output": "Wir haben das Paket und es ist auf dem Weg zu dir."}, "language"),
    ],
)
def test_an_output_shows_its_faults(said: dict[str, str], kind: str) -> None:
    found = faults(Record(id="a", input="Where is it?", **said), "en")  # type: ignore[arg-type]
    assert found[kind] is True  # type: ignore[index]


def test_a_good_output_has_none_and_none_at_all_has_no_chance_to() -> None:
    good = Record(id="a", input="x", output="I am sorry it is late; it comes today and is free.")
    assert not any(faults(good, "en").values())
    assert faults(Record(id="a", input="x"), "en") == {}


def test_lengths_are_good_to_a_tenth() -> None:
    for length in (1, 2, 7, 80, 999, 4_000_000):
        assert length_of(length_bin(length)) == pytest.approx(length, rel=0.1, abs=1)
    assert quantile({3: 5, 9: 5}, 0.5) == 3
    assert quantile({3: 5, 9: 5}, 0.9) == 9


def window(name: str, *, over: bool, filled: bool = True) -> Window:
    return Window(window=name, n=100, state="ok" if filled else "insufficient", over=over)


def test_two_windows_in_a_row_alert_and_those_with_few_records_are_skipped() -> None:
    found = drift.with_alerts(
        [
            window("1", over=True),
            window("2", over=False, filled=False),
            window("3", over=True),
            window("4", over=False),
            window("5", over=True),
        ],
        (),
    )
    assert [one.alert for one in found] == [False, False, True, False, False]
    past = (PastWindow(window="0", records=90, over=True),)
    assert [one.alert for one in drift.with_alerts([window("1", over=True)], past)] == [True]
    assert drift.with_alerts(
        [window("1", over=True)], (past[0], past[0].model_copy(update={"window": "2"}))
    )[0].alert, "what is later than this log is not before it"


def test_limits_are_passed_only_when_that_is_sure() -> None:
    assert drift.passed(0.2, 0.15, None) == ["the centroids are 0.200 apart, over 0.15"]
    assert drift.passed(None, 0.15, drift.share(12, 100)) == []
    assert len(drift.passed(0.1, 0.15, drift.share(120, 1000))) == 1
    assert drift.share(3, 0) is None
    assert drift.share(-0.4, 10) == (0.0, drift.share(0, 10)[1])  # type: ignore[index]
    assert drift.too_few(30, 200) == []
