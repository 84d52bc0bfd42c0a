#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages name every command, option, column, class word and exit status that the program has, and no option more."""

import pathlib
import re
import subprocess
import sys

IOWARD, MAN, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
errors = []


def expect(condition, message):
    if not condition:
        errors.append(message)


def help_of(*args):
    return subprocess.run([IOWARD, *args, '--help'], capture_output=True, text=True, check=True).stdout


def page(name):
    return (MAN / f'{name}.1').read_text()


def options_in_page(text):
    return set(re.findall(r'Fl -([a-z-]+)', text))


main = page('ioward')
verbs = re.findall(r'^  ([a-z]+) ', help_of().split('Commands:')[1].split('\n\n')[0], re.M)
expect(verbs, 'the help lists no commands')
common = options_in_page(main)
everywhere = None
for verb in verbs:
    if verb == 'help':  # ioward(1) is its page
        continue
    text, shown = page(f'ioward-{verb}'), help_of(verb)
    expect(f'.It Cm {verb}\n' in main, f'ioward(1) does not list {verb}')
    options = set(re.findall(r'--([a-z-]+)', shown.split('Options:')[1].split('\n\n')[0]))
    everywhere = options if everywhere is None else everywhere & options
    for option in options - common - options_in_page(text):
        errors.append(f'ioward-{verb}(1) does not tell of --{option}')
    for option in options_in_page(text) - options - {'from'}:
        errors.append(f'ioward-{verb}(1) tells of --{option}, which there is not')
    if 'Columns:' in shown:
        for column in re.findall(r'^  ([A-Z]+) ', shown.split('Columns:')[1], re.M):
            expect(f'.It Cm {column}\n' in text, f'ioward-{verb}(1) does not tell of column {column}')

on_simulated = subprocess.run([IOWARD, 'sim', SOURCE / 'lab/topologies/card.json'], input='help\n',
    capture_output=True, text=True, check=True).stdout.split('\n\n')[0]
for verb in re.findall(r'^  ([a-z]+) ', on_simulated, re.M):
    expect(re.search(rf'^\.Cm .*\b{verb}\b', page('ioward-sim').split('.It Fl e')[0], re.M), f'ioward-sim(1) does not tell of {verb}')

for word in re.findall(r'^    \{"([a-z]+)", 0x', (SOURCE / 'src/cli/select.c').read_text(), re.M):
    expect(re.search(rf'\b{word}\b', main), f'ioward(1) does not tell of class={word}')
codes = re.findall(r'EXIT_\w+ = (\d+)', (SOURCE / 'src/cli/exit.h').read_text())
expect(len(codes) == 13, 'exit.h lost a code')
for code in codes:
    expect(f'.It {code}\n' in main, f'ioward(1) does not tell of exit status {code}')

for code in re.findall(r'EXIT_(?:REFUSED_\w+|NOT_POSSIBLE) = (\d+)', (SOURCE / 'src/cli/exit.h').read_text()):
    expect(f'.It {code}\n' in page('ioward-claim'), f'ioward-claim(1) does not tell of exit status {code}')

print('\n'.join(errors) or 'the pages name all there is')
sys.exit(bool(errors))
