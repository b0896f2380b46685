from tenuto.sources.folder import Folder


def kinds(record):
    return [(piece.kind.value, piece.statement) for piece in record.evidence]


def test_evidence_comes_in_order(head, seen):
    """Texts beside the file, the operator's declaration, the file's own tags: each is kept."""
    capture = head(documents={"LICENSE": "CC BY"}, declaration="CC-BY-4.0", declared_by="Us", basis="we made it")
    record = Folder().read(capture, seen("a.ogg", ("LICENSE", "CC0"), ("COPYRIGHT", "2001 A")))
    assert kinds(record) == [("licence-file", "CC BY"), ("declaration", "CC-BY-4.0"), ("tag", "CC0"), ("tag", "2001 A")]
    assert [piece.where for piece in record.evidence] == [
        "LICENSE",
        "tenuto.toml, declared by Us (we made it)",
        "tag LICENSE of a.ogg",
        "tag COPYRIGHT of a.ogg",
    ]


def test_a_files_own_statement_takes_the_place_of_the_folders(head, seen):
    """REUSE says it of the very file; the LICENSE above may be about something else."""
    capture = head(documents={"LICENSE": "MIT", "a.ogg.license": "SPDX-License-Identifier: CC0-1.0"})
    assert kinds(Folder().read(capture, seen("a.ogg"))) == [("reuse", "CC0-1.0")]
    assert kinds(Folder().read(capture, seen("b.ogg"))) == [("licence-file", "MIT")]


def test_without_any_statement_there_is_no_evidence(head, seen):
    """Nothing is assumed."""
    assert kinds(Folder().read(head(), seen("a.ogg", ("TITLE", "T")))) == []


def test_a_name_that_is_no_text_keeps_its_exact_key(head, seen):
    """The key spells bytes, the path can be shown, and where evidence stood can be written down."""
    record = Folder().read(head(), seen("a\n\udcff.ogg", ("LICENSE", "CC0")))
    assert (record.key, record.path) == ("music/a%0A%FF.ogg", "a\ufffd\ufffd.ogg")
    assert record.evidence[0].where.encode("utf-8")


def test_a_remark_alone_never_opens(head, seen):
    """The eight statements that were once kept as open, each where it stood."""
    words = ("Cover art: CC BY 4.0", "CC BY 4.0 does not apply", "CC BY 4.0 (revoked)", "CC BY 4.0")
    for name in ("COMMENT", "DESCRIPTION"):
        for text in words:
            (found,) = Folder().read(head(), seen("a.ogg", (name, text), ("ARTIST", "A"))).evidence
            assert found.confidence.value == "ambiguous"


def test_a_reuse_table_that_was_not_read_hides_no_licence_file(head, seen):
    """Both are evidence, so that a person is asked."""
    record = Folder().read(head(documents={"LICENSE": "MIT", "REUSE.toml": "["}), seen("a.ogg"))
    assert kinds(record) == [("reuse", ""), ("licence-file", "MIT")]


def test_tags_that_were_not_kept_are_no_silence(head, seen):
    """A file with more tags than are kept may say anything in the others."""
    record = Folder().read(head(), seen("a.ogg", ("LICENSE", "CC0"), truncated_tags=True))
    assert [(piece.statement, piece.where, piece.unread) for piece in record.evidence] == [
        ("CC0", "tag LICENSE of a.ogg", ""),
        ("", "tags of a.ogg", "more than are kept"),
    ]
