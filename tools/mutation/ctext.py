# SPDX-License-Identifier: GPL-2.0-or-later
"""C as tokens, each with its place in the text, so that an edit leaves the rest as it was written."""
import re
from dataclasses import dataclass

TOKEN = re.compile(r'''
    (?P<space>(?:\s|\\\n)+|/\*.*?\*/|//[^\n]*)
  | (?P<directive>^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign>->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|\#\#|.)
''', re.X | re.S | re.M)
CLOSING = {'(': ')', '[': ']', '{': '}'}


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Edit:
    """What was between start and end reads otherwise."""
    start: int
    end: int
    text: str


def tokens_of(text, start=0, end=None):
    found = TOKEN.finditer(text, start, len(text) if end is None else end)
    return [Token(m.lastgroup, m.group(), m.start(), m.end()) for m in found if m.lastgroup != 'space']


def is_sign(token, *texts):
    return token.kind == 'sign' and token.text in texts


def matching(tokens, i):
    """Index of the bracket that closes the one at i."""
    depth = 0
    for j in range(i, len(tokens)):
        depth += is_sign(tokens[j], *CLOSING) - is_sign(tokens[j], *CLOSING.values())
        if not depth:
            return j
    raise ValueError(f'no bracket closes the one at {tokens[i].start}')


def find_sign(tokens, i, end, *texts):
    """Index of the first such sign from i on that is in no bracket; end if there is none."""
    while i < end and not is_sign(tokens[i], *texts):
        i = matching(tokens, i) + 1 if is_sign(tokens[i], *CLOSING) else i + 1
    return min(i, end)


def span_of(text, tokens, first, end):
    """The text of tokens first to end - 1."""
    return text[tokens[first].start:tokens[end - 1].end] if first < end else ''


def on_one_line(text):
    return ' '.join(text.split())


def applied(text, edit):
    return text[:edit.start] + edit.text + text[edit.end:]
