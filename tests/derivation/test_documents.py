"""The formulas of the two sets of notes that the project grew from, on their own lines."""

import re
from pathlib import Path

import pytest

from autograd_mini.derivation import Report, check, checker
from autograd_mini.derivation.reading.document import read_document

DOCUMENTS = Path(__file__).parent / "documents"
NETWORK = DOCUMENTS / "two_two_one_notes.md"
LAYERS = DOCUMENTS / "dense_layers_notes.md"


@pytest.fixture(scope="module")
def network() -> Report:
    return check(NETWORK, "two_two_one")


@pytest.fixture(scope="module")
def layers() -> Report:
    return check(LAYERS, "dense_layers")


def test_the_network_notes_have_two_false_claims_in_fifty_five(network: Report) -> None:
    assert network.summary() == "55 claims: 53 true, 2 false, 0 unchecked"
    assert [finding.line for finding in network.of("false")] == [154, 165]


def test_the_two_slips_of_the_network_notes_get_the_repair_that_their_block_asks_for(
    network: Report,
) -> None:
    repairs = [finding.diagnosis for finding in network.of("false")]
    assert repairs == [
        "true if `w^{1}_{11}` on the right is `w^{1}_{21}`",
        "true if `w^{1}_{12}` on the left is `w^{1}_{22}`",
    ]


def test_other_points_give_the_same_verdicts(network: Report) -> None:
    other = check(NETWORK, "two_two_one", seed=7, points=2)
    assert [f.verdict for f in other.findings] == [f.verdict for f in network.findings]


def test_every_false_claim_of_the_layer_notes_is_found_and_no_other(layers: Report) -> None:
    assert layers.summary().startswith("59 claims:")
    assert [f.claim for f in layers.of("condition")] == ["L=0", r"x_n \in X", r"y_n \in Y"]
    lost = [312, 314, 316, 318, 326, 328, 336, 338, 340, 352, 362]
    assert [f.line for f in layers.of("false")] == sorted([63, 137, 229, 357, 367, *lost])
    assert [f.line for f in layers.of("unchecked")] == [67]
    assert all(f.reason for f in layers.of("unchecked"))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (63, "true if a + stands before `w_{m2}` on the right"),
        (137, "true if `Y` on the left is `y_0`"),
        (229, "true if `B` on the left is `X`"),
        (312, "left is 1/outputs of right everywhere: a factor 1/outputs"),
        (328, "true only when every layer has one unit"),
        (357, "true if `W^{(2)}` on the right is `B^{(2)}`"),
    ],
)
def test_a_false_claim_of_the_layer_notes_is_explained(
    layers: Report, line: int, says: str
) -> None:
    (finding,) = [f for f in layers.of("false") if f.line == line]
    assert says in finding.diagnosis


def test_the_lines_that_lost_one_factor_are_grouped(layers: Report) -> None:
    causes = {f.cause for f in layers.of("false") if f.line >= 312 and f.line != 367}
    assert causes == {"factor 1/outputs"}


EDITS = {
    "1": "23", "2": "13", "3": "2", "'": [""], "+": "-", "-": "+", r"\sigma": [r"\tanh"],
    "O": "w", "w": "O", "I": "O", "i": "j", "j": "ik", "k": "j",
}  # fmt: skip


@pytest.mark.slow
def test_every_edit_of_one_token_of_a_true_formula_is_flagged(
    network: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checker, "diagnose", lambda model, claim, finding, claims: finding)
    document = read_document(NETWORK)
    edits, missed = 0, []
    for segment in document.segments:
        block = document.text[segment.start : segment.end]
        mine = [f for f in network.findings if segment.start <= f.span[0] < segment.end]
        holds = sum(f.verdict == "true" for f in mine)
        wrong = [f.span for f in mine if f.verdict == "false"]
        comments = [(c.start(), c.end()) for c in re.finditer(r"%[^\n]*", block)]
        for token in re.finditer(r"\\[a-zA-Z]+|[a-zA-Z]+|\d|['+-]", block):
            at = segment.start + token.start()
            if any(a <= token.start() < b for a, b in comments):
                continue
            if any(a <= at < b for a, b in wrong):
                continue
            for new in EDITS.get(token.group(), []):
                edited = block[: token.start()] + new + block[token.end() :]
                edits += 1
                if check(f"$${edited}$$", "two_two_one", points=2).count("true") >= holds:
                    missed.append((document.place(at), token.group(), new))
    assert edits > 1000
    assert len(missed) <= edits // 100, missed
