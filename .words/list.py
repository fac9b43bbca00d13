"""Lists every string a person can see, with its place: `python .words/list.py [FILE OR FOLDER ...]`.

Read the list aloud, as a whole: what nobody would say is written again. `python .words/list.py --banned` prints only
what has one of the phrases of `banned.txt`, with what to write instead, and exits 1 when there is one.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SOURCES = ("csc_tui", "db", "exports")
PAPERS = ("README.md",)
BANNED = Path(__file__).with_name("banned.txt")

SQL = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIRTUAL|TRIGGER|UNIQUE)|PRAGMA|WHERE|JOIN|"
    r"ORDER BY|GROUP BY|UNION|CASE WHEN|COALESCE|COUNT\(|EXISTS|DROP|ALTER|VALUES|ANALYZE|VACUUM|BEGIN|NOT NULL|"
    r"IS NULL|COLLATE|CHECK \(|IN \()"
)
"""SQL is written in capitals in this repository."""
STYLESHEET = re.compile(r"[\w.#:>-]+ ?\{[^{}]*:[^{}]*;")
WORDS = re.compile(r"[^\W\d_]{2,}\S*\s+\S*[^\W\d_]{2,}|[^\W\d_]+[’']?[^\W\d_]*[ ,:;.!?]|^[A-Z][a-z]+$")
"""Two words, a word with a stop after it, or one capitalised word: what a sentence, a label or a title looks like."""
PUT_IN = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
"""What an f-string puts in."""
UNSEEN_CALLS = re.compile(
    r"^(re|log|logger|logging|warnings|os|sys|struct|subprocess|importlib|contextvars)\.|"
    r"(^|\.)(SQL|execute|executemany|execute_sql|getenv|TypeVar|NewType|ContextVar|query|query_one|encode|decode|"
    r"strptime|strftime|startswith|endswith|removeprefix|removesuffix|compile|CDLL|add_class|remove_class|set_class|"
    r"AssertionError|NotImplementedError|KeyError)$"
)
"""Calls whose strings never reach a person."""
UNSEEN_NAMES = re.compile(r"(CSS|_SQL|CSS_PATH|PATTERN|FORMAT)$")
"""Names of constants that hold a stylesheet, a query or a format."""


@dataclass(frozen=True, slots=True)
class VisibleString:
    """One string with its place; what an f-string puts in stands as code between braces."""

    path: str
    line: int
    text: str


def list_visible_strings(paths: list[Path]) -> Iterator[VisibleString]:
    """Yield the strings of Python files and the paragraphs of Markdown files that a person can see."""
    for path in paths:
        name = path.relative_to(REPOSITORY).as_posix() if path.is_relative_to(REPOSITORY) else path.as_posix()
        source = path.read_text(encoding="utf-8")
        found = read_module(source) if path.suffix == ".py" else read_paper(source)
        yield from (VisibleString(name, line, text) for line, text in found)


def list_sources() -> list[Path]:
    """Return the files that hold strings for people; migrations are left out, for they never change."""
    modules = (path for room in SOURCES for path in sorted((REPOSITORY / room).rglob("*.py")))
    return [path for path in modules if "migrations" not in path.parts] + [REPOSITORY / name for name in PAPERS]


def read_module(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of the strings of a module that look like words and are not left out by their place."""
    tree = ast.parse(source)
    unseen = {id(each) for node in ast.walk(tree) for part in unseen_parts(node) for each in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_command(node):
            yield from ((node.body[0].lineno, text) for text in [ast.get_docstring(node)] if text)
        if id(node) in unseen:
            continue
        text = text_of(node)
        if text and WORDS.search(text) and not SQL.search(text) and not STYLESHEET.search(text):
            yield getattr(node, "lineno", 0), text


def unseen_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node whose strings are for the program: docstrings, types, queries, parts."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (each for each in node.values if isinstance(each, ast.Constant))
        yield from (
            each.format_spec for each in node.values if isinstance(each, ast.FormattedValue) if each.format_spec
        )
    elif isinstance(node, ast.Call) and UNSEEN_CALLS.search(ast.unparse(node.func)):
        yield from node.args
    elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
        yield node.annotation
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        yield node.returns
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(UNSEEN_NAMES.search(ast.unparse(each)) for each in targets):
            yield node.value


def text_of(node: ast.AST) -> str:
    """Return the text of a string or f-string, empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else f"{{{put_in(each)}}}"
            for each in node.values
        )
    return ""


def put_in(part: ast.expr) -> str:
    """Return the code of what an f-string puts in, without its format."""
    return ast.unparse(part.value if isinstance(part, ast.FormattedValue) else part)


def is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function is a click command or group, whose docstring is its help text."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return any(isinstance(each, ast.Attribute) and each.attr in ("command", "group") for each in decorators)


def read_paper(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a Markdown file, without those inside fences of code."""
    fenced = False
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif line.strip() and not fenced:
            yield number, line.strip()


def read_banned_phrases() -> list[tuple[re.Pattern[str], str]]:
    """Return each banned phrase as a pattern, with what to write instead."""
    lines = [line.split("|", 1) for line in BANNED.read_text(encoding="utf-8").splitlines() if "|" in line]
    return [(compile_phrase(phrase.strip()), instead.strip()) for phrase, instead in lines if phrase[0] != "#"]


def compile_phrase(phrase: str) -> re.Pattern[str]:
    """Return a pattern for a phrase as whole words, whatever its capitals; `...` stands for a few words between.

    "There is no file" may be said where "x is no file" may not.
    """
    words = re.escape(phrase).replace(r"\.\.\.", r"[^.]{1,40}").replace(r"\ ", r"\s+")
    before = r"(?<!there )" if phrase.startswith("is no ") else ""
    return re.compile(rf"{before}(?<![\w-]){words}(?![\w@])", re.IGNORECASE)


def find_banned_phrases(strings: list[VisibleString]) -> Iterator[tuple[VisibleString, str, str]]:
    """Yield the strings that have a banned phrase, with the phrase as found and what to write instead."""
    phrases = read_banned_phrases()
    for each in strings:
        text = PUT_IN.sub("{}", each.text)
        for pattern, instead in phrases:
            if found := pattern.search(text):
                yield each, found[0], instead


def main() -> int:
    """Print the list, or what is banned in it, and return the exit code."""
    parser = argparse.ArgumentParser(description="Lists every string a person can see, with its place.")
    parser.add_argument("--banned", action="store_true", help="only strings with a banned phrase")
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders; without one, the whole program")
    given = parser.parse_args()
    chosen = [path.resolve() for path in given.paths]
    files = [
        path for path in list_sources() if not chosen or any(path == each or each in path.parents for each in chosen)
    ]
    strings = [*list_visible_strings(files)]
    if given.banned:
        found = [*find_banned_phrases(strings)]
        for each, phrase, instead in found:
            print(f"{each.path}:{each.line}: “{phrase}”: write {instead}: {' '.join(each.text.split())}")
        return 1 if found else 0
    for each in strings:
        print(f"{each.path}:{each.line}: {' '.join(each.text.split())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
