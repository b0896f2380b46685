"""The house rules that a linter does not measure."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "src").rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "manager", "common", "base", "misc", "data"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_there_is_something_to_measure():
    """The rules below look at every module there is."""
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_its_functions_are_small(path):
    """A module has at most 300 lines, a function at most 40 and at most 5 parameters outside the command line."""
    assert len(path.read_text("utf-8").splitlines()) <= 300
    assert [f.name for f in functions(path) if lines(f) > 40] == []
    assert path.stem not in NAMES_THAT_SAY_NOTHING


def test_the_median_function_is_at_most_eight_lines():
    """Most functions fit in one look."""
    assert statistics.median(lines(f) for path in MODULES for f in functions(path)) <= 8


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_names_are_listed(path):
    """A module with public definitions lists them in __all__, each of which exists."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    public = {node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")}
    exported = {
        name
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        for name in ast.literal_eval(node.value)
    }
    assert public - exported == set()


def test_tests_mirror_the_source():
    """Every folder of tests names a folder of the source."""
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("__")}
    parts = {path.name for path in (ROOT / "src" / "tenuto").iterdir() if path.is_dir()}
    assert folders - parts - {"bench", "crash", "end_to_end"} == set()


def test_no_mock_patch_anywhere():
    """Stages with input and output are tested against the real thing."""
    word = "mock" + ".patch"
    assert [str(p) for p in (ROOT / "tests").rglob("*.py") if word in p.read_text("utf-8")] == []


@pytest.mark.parametrize("folder", ["model", "sources", "rights"])
def test_pure_parts_open_nothing(folder):
    """The pure parts neither open files nor fetch addresses (import-linter forbids the other ways)."""
    calls = {"open", "urlopen", "read_bytes", "write_bytes", "write_text"}
    for path in (ROOT / "src" / "tenuto" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in calls, f"{path}:{node.lineno} calls {name}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                assert "urllib.request" not in names
