# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be wrong with code: conditions, comparisons, statements, what is passed on, the answer returned.

Every function of a file is visited, statement by statement. Yields (function, what was changed, edit)."""
from ctext import CLOSING, Edit, applied, find_sign, is_sign, matching, on_one_line, span_of, tokens_of

TYPES = {'struct', 'enum', 'union', 'const', 'static', 'unsigned', 'int', 'bool', 'char', 'void', 'size_t'}
TURNED = {'<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==', '++': '--', '--': '++',
          '+=': '-=', '-=': '+=', '<<': '>>', '>>': '<<'}
BINARY = {'+': '-', '-': '+', '&': '|', '|': '&'}
ASSIGNMENTS = ('=', '+=', '-=', '|=', '&=', '<<=', '>>=')
OPENS = (*ASSIGNMENTS, ',', ';', '?', ':', *CLOSING)  # what a condition begins after
CLOSES = (',', ';', '?', ':', *CLOSING.values())  # and ends before


class Function:
    """Its tokens from the opening brace to the closing one; returns: its type, if that is one word."""

    def __init__(self, text, tokens, name, returns):
        self.text, self.tokens, self.name, self.returns = text, tokens, name, returns
        self.found = []
        self.whole = set()  # comparisons that are all of a condition: turning them is negating it

    def mutations(self):
        for i in range(len(self.tokens)):
            if is_sign(self.tokens[i], '?'):
                self.condition(self.start_of(i, OPENS), i)
        self.block(0)
        for i in range(len(self.tokens)):
            self.expression(i)
        return sorted(self.found, key=lambda found: (found[1].start, found[1].end))

    def span(self, first, end):
        return span_of(self.text, self.tokens, first, end)

    def add(self, what, first, end, text):
        self.found.append((what, Edit(self.tokens[first].start, self.tokens[end - 1].end, text)))

    def condition(self, first, end):
        """What decides: turned round, and forced to either side."""
        span = self.span(first, end)
        shown = on_one_line(span)
        self.add(f'`{shown}` negated', first, end, f'(!({span}))')
        self.add(f'`{shown}` forced true', first, end, f'((void)({span}), 1)')
        self.add(f'`{shown}` forced false', first, end, f'((void)({span}), 0)')
        self.note_whole(first, end)

    def note_whole(self, first, end):
        signs = [i for i in range(first, end) if is_sign(self.tokens[i], '==', '!=', '&&', '||', '?')]
        if len(signs) == 1:
            self.whole.add(signs[0])

    def removed(self, first, end):
        self.add(f'`{on_one_line(self.span(first, end))}` removed', first, end, ';')

    def block(self, i):
        """The statements between the brace at i and the one that closes it; returns the index after."""
        end = matching(self.tokens, i)
        i += 1
        while i < end:
            i = self.statement(i)
        return end + 1

    def statement(self, i, alone=False):
        """One statement; alone: it is all that a guard without an else guards, so that to remove it is to force
        the guard false. Returns the index after."""
        token = self.tokens[i]
        if is_sign(token, '{'):
            return self.block(i)
        if token.kind == 'directive' or is_sign(token, ';'):
            return i + 1
        visit = {'if': self.guard, 'while': self.guard, 'switch': self.switch, 'for': self.loop,
                 'case': self.label, 'default': self.label, 'return': self.answer}.get(token.text)
        if visit == self.answer:
            return self.answer(i, alone)
        if visit:
            return visit(i)
        return self.list_of_x(i) or self.simple(i, alone)

    def list_of_x(self, i):
        """A list of the X kind ends without a semicolon."""
        if self.tokens[i].kind != 'name' or not is_sign(self.tokens[i + 1], '('):
            return 0
        end = matching(self.tokens, i + 1) + 1
        return 0 if is_sign(self.tokens[end], ';') or not self.tokens[i].text.isupper() else end

    def simple(self, i, alone):
        end = find_sign(self.tokens, i, len(self.tokens), ';')
        if not self.declares(i):
            if not alone and not self.leaves_anyway(i):
                self.removed(i, end + 1)
            self.chain(i, end)
        return end + 1

    def leaves_anyway(self, i):
        """A break after which nothing is done but to leave the switch all the same."""
        if self.tokens[i].text != 'break':
            return False
        i += 2
        while self.tokens[i].text in ('case', 'default'):
            i = self.label(i)
        return self.tokens[i].text in ('break', '}')

    def declares(self, i):
        a, b = self.tokens[i], self.tokens[i + 1]
        return (a.text in TYPES or a.text.endswith('_t') or a.text.startswith('_') or
                (a.kind == 'name' and b.kind == 'name'))

    def chain(self, i, end):
        """a = b = c: a alone, and b alone."""
        first = find_sign(self.tokens, i, end, '=')
        second = find_sign(self.tokens, first + 1, end, '=')
        if second < end:
            value = self.span(second + 1, end)
            for kept in (self.span(i, first), self.span(first + 1, second)):
                self.add(f'`{self.span(i, end)}` of `{kept}` only', i, end, f'{kept} = {value}')

    def guard(self, i):
        end = matching(self.tokens, i + 1)
        self.condition(i + 2, end)
        has_else = self.tokens[self.after(end + 1)].text == 'else'
        i = self.statement(end + 1, alone=not has_else)
        return self.statement(i + 1) if has_else else i

    def after(self, i):
        """Index after the statement at i, which is not visited."""
        return Function(self.text, self.tokens, self.name, self.returns).statement(i)

    def switch(self, i):
        return self.statement(matching(self.tokens, i + 1) + 1)

    def loop(self, i):
        end = matching(self.tokens, i + 1)
        first = find_sign(self.tokens, i + 2, end, ';') + 1
        second = find_sign(self.tokens, first, end, ';')
        if second > first:
            self.condition(first, second)
        return self.statement(end + 1, alone=True)

    def label(self, i):
        return find_sign(self.tokens, i, len(self.tokens), ':') + 1

    def answer(self, i, alone):
        end = find_sign(self.tokens, i, len(self.tokens), ';')
        span = self.span(i + 1, end)
        if self.returns == 'bool':
            self.add(f'`return {on_one_line(span)}` negated', i + 1, end, f'!({span})')
            self.note_whole(i + 1, end)
        if self.returns == 'int' and span != '0':
            self.add(f'`return {on_one_line(span)}` with 0 returned', i + 1, end, f'((void)({span}), 0)')
        if not alone and any(not is_sign(token, '}') for token in self.tokens[end + 1:]):
            self.removed(i, end + 1)
        return end + 1

    def expression(self, i):
        token = self.tokens[i]
        if token.kind != 'sign' or self.is_asserted(i):
            return
        if token.text in ('&&', '||'):
            self.operands(i)
        elif token.text in TURNED and i not in self.whole:
            self.turned(i, TURNED[token.text])
        elif token.text in BINARY and self.is_binary(i):
            self.turned(i, BINARY[token.text])
        elif token.text == '.' and is_sign(self.tokens[i - 1], ',', '{'):
            self.initialiser(i)

    def is_asserted(self, i):
        while i and not is_sign(self.tokens[i - 1], ';', '{', '}'):
            i -= 1
        return self.tokens[i].text == '_Static_assert'

    def is_binary(self, i):
        before = self.tokens[i - 1]
        if is_sign(before, ')'):
            return not self.declares(self.opening(i - 1) + 1)  # else it is a cast
        return before.kind == 'number' or is_sign(before, ']') or \
            (before.kind == 'name' and before.text not in ('return', 'case'))

    def opening(self, i):
        """Index of the bracket that opens what the one at i closes."""
        return self.start_of(i, CLOSING) - 1

    def turned(self, i, sign):
        """Shown with its neighbours, so that one can tell which it is."""
        shown = on_one_line(self.span(max(i - 1, 0), min(i + 2, len(self.tokens))))
        self.add(f'`{shown}` with {sign}', i, i + 1, sign)

    def operands(self, i):
        """What a condition is made of: each part as if it had not been asked."""
        sign = self.tokens[i].text
        also = ('&&', '||') if sign == '&&' else ('||',)
        forced = ('true', 1) if sign == '&&' else ('false', 0)
        first = self.start_of(i, (*OPENS, *also))
        end = find_sign(self.tokens, i + 1, len(self.tokens), *CLOSES, *also)
        for a, b in ((first, i), (i + 1, end)):
            span = self.span(a, b)
            self.add(f'`{on_one_line(span)}` taken for {forced[0]}', a, b, f'((void)({span}), {forced[1]})')

    def start_of(self, i, stops):
        """Index where the operand that ends before i begins."""
        depth = 0
        while i > 0:
            token = self.tokens[i - 1]
            if not depth and (is_sign(token, *stops) or token.text in ('return', 'case')):
                break
            depth += is_sign(token, *CLOSING.values()) - is_sign(token, *CLOSING)
            i -= 1
        return i

    def initialiser(self, i):
        """.field = value: left out."""
        end = find_sign(self.tokens, i, len(self.tokens), ',', '}')
        if is_sign(self.tokens[i + 2], '=') and not is_sign(self.tokens[i + 3], '{'):
            self.add(f'`{on_one_line(self.span(i, end))}` left 0', i + 3, end, '0')


def returned(words):
    words = [word for word in words if word not in ('static', 'inline', 'const')]
    return words[0] if len(words) == 2 else ''


def functions_of(text):
    """Every function's body; what stands before its name says what it returns."""
    tokens = tokens_of(text)
    i, start = 0, 0
    while i < len(tokens):
        if is_sign(tokens[i], '{'):
            end = matching(tokens, i)
            if is_sign(tokens[i - 1], ')'):
                head = [token.text for token in tokens[start:find_sign(tokens, start, i, '(')]]
                yield Function(text, tokens[i:end + 1], head[-1], returned(head))
                start = end + 1
            i = end
        elif is_sign(tokens[i], ';') or tokens[i].kind == 'directive':
            start = i + 1
        i += 1


def mutations(text):
    seen = {text}
    for function in functions_of(text):
        for what, edit in function.mutations():
            result = applied(text, edit)
            if result not in seen:
                seen.add(result)
                yield function.name, what, edit
