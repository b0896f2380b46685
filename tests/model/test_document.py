import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.audio import Failure, Picture, Probe
from tenuto.model.capture import CaptureHead, Document, Observation
from tenuto.model.document import from_json, to_json, to_plain
from tenuto.model.errors import SourceError
from tenuto.model.package import BagFile, BagReceipt, FileDigest
from tenuto.model.rights import Confidence, Evidence, EvidenceKind

texts = st.text(st.characters(codec=None, categories=None), max_size=20)  # lone surrogates too: names are bytes
probes = st.builds(
    Probe,
    container=texts,
    codec=texts,
    duration_ms=st.none() | st.integers(0, 10**9),
    sample_rate=st.integers(0, 10**6),
    channels=st.integers(0, 64),
    bit_rate=st.none() | st.integers(0, 10**7),
    tags=st.lists(st.tuples(texts, texts), max_size=4).map(tuple),
    pictures=st.just((Picture(mime="image/png", size=3, sha256="0" * 64),)),
)
observations = st.builds(
    Observation,
    path=texts,
    size=st.integers(0, 2**63 - 1),
    modified_ns=st.integers(0, 2**63 - 1),
    sha256=st.none() | st.just("a" * 64),
    probe=st.none() | probes,
    failure=st.none() | st.builds(Failure, code=texts, reason=texts),
)


@given(observations)
def test_an_observation_survives_writing(observation):
    """Whatever was seen, lone surrogates included, is read back the same from one ASCII line."""
    line = to_json(observation)
    assert line.isascii()
    assert "\n" not in line
    assert from_json(Observation, line) == observation


def test_bytes_and_enums_survive_writing():
    """Digests stand as hexadecimal, enums as their values."""
    digest = FileDigest(
        size=1, sha256="0" * 64, sha1_pieces=b"\1" * 20, sha1_tail=b"\2" * 20, pieces_root=b"\3" * 32, piece_layer=b""
    )
    receipt = BagReceipt(
        name="a", piece_length=16384, files=(BagFile(path="data/x", digest=digest, track_ids=("tr-1",)),)
    )
    evidence = Evidence(kind=EvidenceKind.TAG, statement="CC0", where="tag", capture="c", confidence=Confidence.TAIL)
    assert from_json(BagReceipt, to_json(receipt)) == receipt
    assert from_json(Evidence, to_json(evidence)) == evidence


def test_fields_at_their_defaults_are_left_out():
    """A document says only what is not a default, so that captures stay small."""
    head = CaptureHead(id="a/b/000001", source="a", collection="b", origin="o", captured_at="t")
    assert "documents" not in to_json(head)
    assert from_json(CaptureHead, to_json(head)) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        '{"path":"a"}',
        '{"path":"a","size":"7"}',
        '{"path":"a","size":true}',
        '{"path":"a","size":7,"colour":1}',
        '{"path":"a","size":7,"probe":{"container":1}}',
        "[" * 100_000,
    ],
)
def test_what_does_not_fit_is_a_source_error(text):
    """A document of another shape is refused by a typed error (attacks.md M8: nesting too)."""
    with pytest.raises(SourceError):
        from_json(Observation, text)


def test_plain_documents_show_every_field():
    """`--json` leaves nothing out."""
    document = Document(path="LICENSE", text="CC0", sha256="0" * 64)
    assert to_plain([document]) == [dataclasses.asdict(document)]
