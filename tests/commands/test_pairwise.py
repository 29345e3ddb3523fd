"""Two systems side by side over files: who is asked what, what is written, what it costs."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest

from labeltool.commands.context import Context
from labeltool.commands.pairwise import Compared, Done, Estimate, Request, Started, Stop, pairwise
from labeltool.commands.pairwise_calibrate import PairCalibrated, calibrate_pairs
from labeltool.commands.pairwise_prefer import say_preference
from labeltool.errors import DataError, IncompleteError, UnknownName, UsageError
from labeltool.model.calibration import Calibration
from labeltool.model.label import Preference
from labeltool.store import codec
from tests.commands.calibrated import of
from tests.fake_openai import Body, FakeOpenAI, fake_openai
from tests.projects import Project

RUBRIC: dict[str, Any] = {
    "name": "short",
    "version": 1,
    "criteria": [{"id": "facts", "text": "All facts are there.", "max": 2}],
}
PREFERENCE = "datasets/d/preferences/alice/new-vs-old/c00.yaml"


def shown(body: Body) -> tuple[str, str]:
    """The two outputs as the judge sees them."""
    text = str(body["messages"][-1]["content"])
    data = json.loads(text[text.index("{") : text.rindex("}") + 1].splitlines()[0])
    return data["first"], data["second"]


def prefers_longer(body: Body) -> str:
    first, second = shown(body)
    winner = (
        "tie" if len(first) == len(second) else "first" if len(first) > len(second) else "second"
    )
    return json.dumps({"winner": winner, "rationale": "The longer one."})


def takes_the_first(body: Body) -> str:
    return json.dumps({"winner": "first", "rationale": "It came first."})


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai(answer=prefers_longer) as running:
        yield running


@pytest.fixture
def sample(tmp_path: Path, server: FakeOpenAI) -> Project:
    """In six of ten cases `new` says more, in two `old` does, in two both say the same."""
    judges = {"default": of(server.url, price={"input": 1.0, "output": 1.0})}
    made = Project.make(tmp_path, rubric=RUBRIC, judges=judges)
    for at in range(10):
        id = f"c{at:02}"
        made.case(id, f"Ticket {at}", tags=["even" if at % 2 == 0 else "odd"])
        made.output(id, "five words are said here", system="old")
        text = "many more words than those five are said here"
        made.output(id, {6: "few", 7: "few"}.get(at, text), system="new")
    for at in (8, 9):
        made.output(f"c{at:02}", "five words are said here", system="new")
    made.commit_all()
    return made


async def events(ctx: Context, **said: Any) -> list[object]:
    request = Request(**{"a": "old", "b": "new", **said})
    try:
        return [one async for one in pairwise(ctx, request, stop=Stop())]
    finally:
        ctx.close()


async def compared(ctx: Context, **said: Any) -> Compared:
    found = (await events(ctx, **said))[-1]
    assert isinstance(found, Compared)
    return found


class TestComparing:
    async def test_each_pair_is_asked_in_both_orders_and_counted(
        self, sample: Project, server: FakeOpenAI
    ) -> None:
        told = await events(sample.context(KEY="k"))
        assert isinstance(told[0], Estimate)
        assert told[0].calls == 20
        assert told[1] == Started(10)
        assert sum(isinstance(one, Done) for one in told) == 10
        found = told[-1]
        assert isinstance(found, Compared)
        counts = found.tally
        assert (counts.n, counts.wins_a, counts.wins_b, counts.ties) == (10, 2, 6, 2)
        assert (counts.flips, counts.same, counts.errors) == (0, 2, 0)
        assert counts.first_share == 0.5
        assert server.count() == 16  # the very same text is no question
        orders = {shown(body) for body in server.calls}
        assert all((second, first) in orders for first, second in orders)

    async def test_nothing_of_it_names_a_system(self, sample: Project, server: FakeOpenAI) -> None:
        sample.output("c00", "the answer of the first", system="zebra-model")
        found = await compared(sample.context(KEY="k"), a="zebra-model")
        assert found.tally.n == 1
        assert "zebra" not in json.dumps(server.calls)

    async def test_again_it_costs_nothing(self, sample: Project, server: FakeOpenAI) -> None:
        first = await compared(sample.context(KEY="k"))
        assert first.usd is not None
        assert first.usd > 0
        asked = server.count()
        again = await compared(sample.context(KEY="k"))
        assert (again.usd, again.calls.live, again.calls.cached) == (0, 0, 16)
        assert again.duels == first.duels
        turned = await compared(sample.context(KEY="k"), a="new", b="old")
        assert turned.tally.wins_a == 6
        assert server.count() == asked
        await compared(sample.context(KEY="k"), cache=False)
        assert server.count() == 2 * asked

    async def test_a_judge_that_looks_at_the_place_decides_nothing(
        self, sample: Project, server: FakeOpenAI
    ) -> None:
        server.answer = takes_the_first
        counts = (await compared(sample.context(KEY="k"))).tally
        assert (counts.wins_a, counts.wins_b, counts.ties, counts.flips) == (0, 0, 10, 8)
        assert counts.first_share == 1.0

    async def test_a_fault_of_one_pair_is_counted_and_the_others_go_on(
        self, sample: Project, server: FakeOpenAI
    ) -> None:
        server.script.extend(["400", "400"])
        found = await compared(sample.context(KEY="k"), concurrency=1)
        assert (found.tally.n, found.tally.errors) == (9, 1)
        assert found.duels[0].error is not None

    async def test_a_wrong_key_ends_it(self, sample: Project, server: FakeOpenAI) -> None:
        server.always = "401"
        with pytest.raises(IncompleteError, match="judge default cannot be asked"):
            await compared(sample.context(KEY="k"))

    async def test_all_errors_are_no_comparison(self, sample: Project, server: FakeOpenAI) -> None:
        server.always = "400"
        with pytest.raises(IncompleteError, match="no pair has a verdict"):
            await compared(sample.context(KEY="k"), cases=("c00", "c01"))

    async def test_a_bound_on_the_cost_stops_it(self, sample: Project) -> None:
        found = await compared(sample.context(KEY="k"), max_cost=0.000001, concurrency=1)
        assert found.not_run > 0
        assert found.why == "--max-cost 1e-06 is reached"

    async def test_ctrl_c_drains_and_tells_of_what_was_decided(self, sample: Project) -> None:
        ctx, stop = sample.context(KEY="k"), Stop()
        told = []
        async for one in pairwise(ctx, Request("old", "new", concurrency=1), stop=stop):
            told.append(one)
            if isinstance(one, Done):
                stop.ask()
        ctx.close()
        found = told[-1]
        assert isinstance(found, Compared)
        assert found.signum is not None
        assert len(found.duels) + found.not_run == 10
        assert found.not_run > 0


class TestWhichCases:
    async def test_by_tier_tag_case_and_a_seeded_sample(self, sample: Project) -> None:
        assert (await compared(sample.context(KEY="k"), tags=("even",))).tally.n == 5
        assert (await compared(sample.context(KEY="k"), cases=("c01",))).tally.n == 1
        few = await compared(sample.context(KEY="k"), sample=4, seed=3)
        again = await compared(sample.context(KEY="k"), sample=4, seed=3)
        other = await compared(sample.context(KEY="k"), sample=4, seed=4)
        ids = [[duel.case for duel in one.duels] for one in (few, again, other)]
        assert len(ids[0]) == 4
        assert ids[0] == ids[1] != ids[2]

    async def test_what_a_snapshot_lacks_is_left_out_and_said(self, sample: Project) -> None:
        (sample.root / "datasets/d/outputs/new/c03.yaml").unlink()
        found = await compared(sample.context(KEY="k"))
        assert (found.tally.n, found.missing) == (9, {"new": 1})

    async def test_nothing_in_common_is_never_fine(self, sample: Project) -> None:
        sample.case("lone", "x", tier="regression")
        sample.output("lone", "y", system="third")
        with pytest.raises(DataError, match="no case in common"):
            await compared(sample.context(KEY="k"), b="third")
        with pytest.raises(DataError, match="tier adversarial has no case"):
            await compared(sample.context(KEY="k"), tiers=("adversarial",))

    async def test_names_that_are_none(self, sample: Project) -> None:
        with pytest.raises(UnknownName, match="no system is named 'nwe'"):
            await compared(sample.context(KEY="k"), b="nwe")
        with pytest.raises(UnknownName, match="no tier"):
            await compared(sample.context(KEY="k"), tiers=("gold",))
        with pytest.raises(UsageError, match="against itself"):
            await compared(sample.context(KEY="k"), b="old")

    async def test_a_live_system_is_asked(self, sample: Project) -> None:
        found = await compared(sample.context(KEY="k"), b="echo")
        assert (found.tally.n, found.tally.wins_a) == (10, 10)
        assert found.people is None


class TestPeoplesChoices:
    def test_one_is_said_saved_and_committed_without_naming_it(self, sample: Project) -> None:
        ctx = sample.context(KEY="k")
        done = say_preference(ctx, "old", "new", case="c00", prefer="new", annotator="alice")
        assert (done.path, done.preference.choice, done.preference.unblind) == (
            PREFERENCE,
            "a",
            True,
        )
        again = say_preference(ctx, "new", "old", case="c00", prefer="new", annotator="alice")
        assert again.commit is None
        other = say_preference(ctx, "new", "old", case="c00", prefer="tie", annotator="alice")
        assert other.commit is not None
        with pytest.raises(UnknownName, match="no side is named 'b'"):
            say_preference(ctx, "new", "old", case="c00", prefer="b", annotator="alice")
        with pytest.raises(UsageError, match="echo is no snapshot"):
            say_preference(ctx, "new", "echo", case="c00", prefer="new", annotator="alice")
        ctx.close()
        kept = codec.decode((sample.root / PREFERENCE).read_bytes(), Preference, PREFERENCE)
        assert kept == other.preference
        log = sample.git("log", "-1", "--format=%B")
        assert log.startswith("prefer c00 of new and old as alice\n")
        assert "tie" not in log

    async def test_a_choice_between_other_texts_does_not_count(self, sample: Project) -> None:
        ctx = sample.context(KEY="k")
        for case in ("c00", "c01"):
            say_preference(ctx, "old", "new", case=case, prefer="new", annotator="alice")
        sample.case("c01", "Another ticket")
        found = await compared(ctx)
        assert found.people is not None
        assert found.people.settled == {"c00": "b"}


class TestCalibrating:
    @staticmethod
    def chosen(sample: Project, who: str, sides: dict[str, str]) -> None:
        for case, side in sides.items():
            sample.write(
                f"datasets/d/preferences/{who}/new-vs-old/{case}.yaml",
                {"case": case, "a": "new", "b": "old", "annotator": who, "choice": side},
            )

    async def run(self, sample: Project, **said: Any) -> PairCalibrated:
        ctx = sample.context(KEY="k")
        request = Request("old", "new", **said)
        generator: AsyncGenerator[Any, None] = calibrate_pairs(
            ctx, request, stop=Stop(), annotator="alice"
        )
        told = [one async for one in generator]
        ctx.close()
        assert isinstance(told[-1], PairCalibrated)
        return told[-1]

    async def test_it_is_measured_on_what_people_settled_and_committed(
        self, sample: Project
    ) -> None:
        self.chosen(sample, "alice", {"c00": "a", "c01": "a", "c06": "a", "c07": "b"})
        self.chosen(sample, "bob", {"c00": "a", "c01": "b", "c06": "a"})
        done = await self.run(sample)
        figures = done.figures
        assert figures.n == 3
        assert figures.agreement == pytest.approx(2 / 3)
        assert (figures.flip_rate, figures.first_share) == (0.0, 0.5)
        assert figures.human_agreement == pytest.approx(2 / 3)
        assert done.people.unsettled == ("c01",)
        path = sample.root / "datasets/d/calibrations/default.yaml"
        kept = codec.decode(path.read_bytes(), Calibration, str(path))
        entry = kept.pairwise["new-vs-old"]
        assert (entry["n"], entry["trusted"]) == (3, False)
        assert entry["rubric"] == "short@1"
        assert sample.git("log", "-1", "--format=%s").startswith("calibrate default on choices")
        assert (await self.run(sample)).commit is None
        found = await compared(sample.context(KEY="k"))
        assert (found.judge.trust, found.judge.pair) == ("untrusted", "new-vs-old")

    async def test_nobody_chose(self, sample: Project) -> None:
        with pytest.raises(DataError, match="nobody has chosen between outputs of old and new"):
            await self.run(sample)
        self.chosen(sample, "alice", {"c00": "a"})
        self.chosen(sample, "bob", {"c00": "b"})
        with pytest.raises(DataError, match="people differ on each of the 1 pairs"):
            await self.run(sample)
        with pytest.raises(UsageError, match="measures on what people chose"):
            await self.run(sample, tags=("even",))

    async def test_stopped_it_writes_nothing(self, sample: Project) -> None:
        self.chosen(sample, "alice", {f"c{at:02}": "a" for at in range(6)})
        ctx, stop = sample.context(KEY="k"), Stop()
        request = Request("old", "new", concurrency=1)
        async for one in calibrate_pairs(ctx, request, stop=stop, annotator="alice"):
            if isinstance(one, Done):
                stop.ask()
        ctx.close()
        assert not (sample.root / "datasets/d/calibrations").exists()
