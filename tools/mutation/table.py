# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be wrong with a row of the table of transitions: it is not there, it answers when it should not, or
not when it should, or otherwise than it should. Yields (list of rows, what was changed, edit).

A row that never answers is a row that is not there; a condition turned round is one in the code that decides it.
The first row that fits answers, so what changes a row only for profiles and states that rows before it answer,
whatever the conditions come to, changes nothing: it is left out."""
import re

from ctext import Edit, find_sign, matching, tokens_of

ROWS = re.compile(r'^#define (\w+)\(R\)((?:\\\n|[^\n])*)', re.M)
STATE = re.compile(r'^#define (\w+) \(1u << IOW_STATE_[A-Z]+\)', re.M)
STATES = re.compile(r'^#define (\w+) (\([^\n]*?\))\s*(?:/\*[^\n]*)?$', re.M)
FEATURES = re.compile(r'^#define (IOW_FEATURES_\w+)((?:\\\n|[^\n])*)', re.M)
HAS = re.compile(r'IOW_HAS\((\w+)\)')
WORD = re.compile(r'\b(ROWS|PURE)_\w+\(R\)|\bR\(')
FILTER = re.compile(r'\b(WITH|WITHOUT)\((\w+)\)|\b(LINUX|PURELY)\b')
OTHER = {'WITH': 'WITHOUT', 'WITHOUT': 'WITH', 'LINUX': 'PURELY', 'PURELY': 'LINUX'}


def sets_of_states(text):
    """The names that rows use for sets of states, as numbers."""
    sets = {name: 1 << i for i, name in enumerate(STATE.findall(text))}
    sets['ANY'] = (1 << len(sets)) - 1
    for name, expression in STATES.findall(text):
        if name not in sets and re.fullmatch(r'[\s\w()|&~]+', expression):
            if all(word in sets for word in re.findall(r'\w+', expression)):
                sets[name] = eval(expression, {}, sets)  # names and | & ~ ( ) only
    return sets


class Table:
    """The rows of each operation, in order, and for which (operation, profile, state) each of them is asked."""

    def __init__(self, text, header):
        self.text, self.sets = text, sets_of_states(text)
        self.features = {profile[1]: set(HAS.findall(profile[2])) for profile in FEATURES.finditer(header)}
        self.lists = {rows[1]: list(self.rows_in(rows)) for rows in ROWS.finditer(text)}
        self.asked = {}  # start of a row -> what it is asked for
        for name in self.lists:
            if name.startswith('ROWS_'):
                self.ask(name)

    def rows_in(self, rows):
        """Rows, and names of lists that stand among them."""
        for found in WORD.finditer(self.text, *rows.span(2)):
            yield Row(self, found.start()) if found[0] == 'R(' else found[0].split('(')[0]

    def in_order(self, name):
        for row in self.lists[name]:
            yield from self.in_order(row) if isinstance(row, str) else [row]

    def ask(self, operation):
        answered = set()
        for row in self.in_order(operation):
            self.asked.setdefault(row.place[0], set()).update(
                (profile, state) for profile in self.features for state in self.states_of(profile)
                if (profile, state) not in answered)
            if row.span(row.condition) == 'ALWAYS':
                answered |= self.fits(row.span(row.filter), row.span(row.states))

    def states_of(self, profile):
        """Pure has no counts that could be lost."""
        return [name for name, bits in self.sets.items()
                if not bits & (bits - 1) and (name != 'LEAKED' or 'PURE' not in self.features[profile])]

    def fits(self, wanted, states):
        """The (profile, state) that these are for."""
        inside = eval(states, {}, self.sets)
        return {(profile, state) for profile, has in self.features.items() if is_wanted(wanted, has)
                for state in self.states_of(profile) if self.sets[state] & inside}


def is_wanted(wanted, has):
    """Does a profile with these features pass the filter of a row?"""
    for part in FILTER.finditer(wanted):
        feature, with_it = part[2] or 'PURE', (part[1] or part[3]) in ('WITH', 'PURELY')
        if (feature in has) != with_it:
            return False
    return True


class Row:
    def __init__(self, table, start):
        """start: of the R."""
        text = table.text
        tokens = tokens_of(text, start, text.index('\n#', start))
        end = matching(tokens, 1)
        self.table, self.text, self.sets, self.place = table, text, table.sets, (start, tokens[end].end)
        first, fields = 2, []
        while first < end:
            comma = find_sign(tokens, first, end, ',')
            fields.append((tokens[first].start, tokens[comma - 1].end))
            first = comma + 1
        self.filter, self.states, self.condition, self.answer, _ = fields

    def span(self, place):
        return self.text[place[0]:place[1]]

    def mutations(self):
        yield 'row removed', Edit(*self.place, '')
        if self.span(self.condition) != 'ALWAYS':
            yield f'{self.span(self.condition)} made ALWAYS', Edit(*self.condition, 'ALWAYS')
        yield from (found for found in (*self.filters(), *self.fewer_states()) if self.is_felt(found[1]))
        yield from self.answers()

    def is_felt(self, edit):
        """Is it asked where this makes a difference?"""
        fields = [self.text[:edit.start][place[0]:] + edit.text + self.text[edit.end:place[1]]
                  if place[0] <= edit.start < place[1] else self.span(place) for place in (self.filter, self.states)]
        before = self.table.fits(self.span(self.filter), self.span(self.states))
        return bool(self.table.asked[self.place[0]] & (before ^ self.table.fits(*fields)))

    def filters(self):
        """For the profiles that it is not for, and for all of them."""
        for part in FILTER.finditer(self.text, *self.filter):
            word = part[1] or part[3]
            other = f'{OTHER[word]}({part[2]})' if part[2] else OTHER[word]
            yield f'{part[0]} made {other}', Edit(*part.span(), other)
            yield f'{part[0]} made EVERY', Edit(*part.span(), 'EVERY')

    def fewer_states(self):
        inside = eval(self.span(self.states), {}, self.sets)
        singles = [name for name, bits in self.sets.items() if not bits & (bits - 1) and bits & inside]
        for name in singles if len(singles) > 1 else []:
            yield f'not in {name}', Edit(*self.states, f'({self.span(self.states)}) & ~{name}')

    def answers(self):
        kind, _, inside = self.span(self.answer).rstrip(')').partition('(')
        words = [word.strip() for word in inside.split(',')]
        if kind == 'DO':
            effect = 'COUNT' if words[0] == 'NOTHING' else 'NOTHING'
            yield f'{words[0]} made {effect}', Edit(*self.answer, f'DO({effect})')
        elif kind == 'WARN':
            yield 'not warned', Edit(*self.answer, 'DO(NOTHING)')
            yield from self.other_rule(words[0], 'WARN({})')
        else:
            yield from self.refusals(*words)

    def refusals(self, code, rule, shown):
        other = 'EPERM' if code != 'EPERM' else 'EBUSY'
        yield f'{code} made {other}', Edit(*self.answer, f'REFUSE({other}, {rule}, {shown})')
        yield 'not refused', Edit(*self.answer, 'DO(NOTHING)')
        yield from self.other_rule(rule, f'REFUSE({code}, {{}}, {shown})')
        other = 'NOTHING' if shown != 'NOTHING' else 'DRIVERS'
        yield f'{other} shown, not {shown}', Edit(*self.answer, f'REFUSE({code}, {rule}, {other})')

    def other_rule(self, rule, answer):
        other = 'NO_GROUP' if rule != 'NO_GROUP' else 'OTHER_OWNER'
        yield f'rule {rule} made {other}', Edit(*self.answer, answer.format(other))


def mutations(text, header):
    for name, rows in Table(text, header).lists.items():
        for row in rows:
            if isinstance(row, Row):
                yield from ((name, *mutation) for mutation in row.mutations())


def features(text):
    """Each feature of each profile, taken away."""
    for profile in FEATURES.finditer(text):
        for has in HAS.finditer(text, *profile.span(2)):
            yield profile[1], f'{has[0]} taken away', Edit(*has.span(), '0u')
