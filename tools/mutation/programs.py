# SPDX-License-Identifier: GPL-2.0-or-later
"""The core with one file changed, compiled and linked with what may notice: all its unit tests as one program, and
the checker as another. Only the file that changed is compiled again; what then is the same code is no mutant."""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass

COMPILE = [os.environ.get('CC', 'gcc'), '-c', '-std=gnu17', '-w', '-D_GNU_SOURCE']
# Warnings are off, since a mutant may leave something unused. What has no defined behaviour ends the program, and
# what was never set has a value that stands out.
CORE = ['-O1', '-fsanitize=undefined', '-fsanitize-undefined-trap-on-error', '-ftrivial-auto-var-init=pattern']
LINK = [COMPILE[0], '-fuse-ld=gold'] if shutil.which('ld.gold') else [COMPILE[0]]
LIMITED = 'ulimit -c 0; ulimit -v 4000000; ulimit -t "$1"; exec "$0"'
MAIN = '''
#include <stdio.h>
%s
static int (*const program[])() = {%s};
int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (unsigned i = 0; i < sizeof(program) / sizeof(program[0]); i++)
        if (program[i](argc, argv))
            return 1;
    return 0;
}
'''


@dataclass
class Run:
    code: int
    out: str
    seconds: float  # of the processor

    def of_test(self):
        """The test that failed, or that was running when the program ended or was ended."""
        failed = re.search(r'^\[  FAILED  \] (\w+)', self.out, re.M)
        if failed:
            return failed[1]
        return f'{(re.findall(r"^. RUN      . (.+)", self.out, re.M) or ["?"])[-1]}, which does not end'


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(program, seconds=600):
    """Ended after so many seconds of the processor, and of the clock when it only waits."""
    before = processor_seconds()
    try:
        done = subprocess.run(['sh', '-c', LIMITED, program, str(seconds)], text=True, errors='replace',
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=10 * seconds)
        return Run(done.returncode, done.stdout, processor_seconds() - before)
    except subprocess.TimeoutExpired as late:
        return Run(-1, (late.stdout or b'').decode(errors='replace'), 0)


class Programs:
    def __init__(self, root, folder, suites):
        self.root, self.folder = root, folder
        self.core = {}  # source -> object
        self.suites = [suite for suite in (Unit(self), Checker(self)) if suite.name in suites]

    def compiled(self, sources, *flags):
        """Objects of sources below the root."""
        objects = []
        for source in sources:
            target = self.folder / (str(source.relative_to(self.root)).replace('/', '-') + '.o')
            done = self.compile(source.read_text(), target, *flags, f'-I{source.parent}')
            if done.returncode:
                sys.exit(f'{source} does not compile:\n{done.stdout}')
            objects.append(target)
        return objects

    def compile(self, text, target, *flags):
        """From no file, so that equal code makes equal objects."""
        includes = [f'-I{self.root / folder}' for folder in ('include', 'src', 'tests/unit')]
        return subprocess.run([*COMPILE, *flags, *includes, '-o', target, '-x', 'c', '-'], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def link(self, target, objects, *flags):
        subprocess.run([*LINK, *flags, '-o', target, *objects], check=True)

    def prove_sound(self):
        """As it is, the core has no fault that is noticed."""
        sources = sorted((self.root / 'src' / 'core').glob('*.c'))
        self.core = dict(zip(sources, self.compiled(sources, *CORE)))
        base = self.compiled(sorted((self.root / 'src' / 'base').glob('*.c')), '-O2')
        for suite in self.suites:
            suite.prepare(base)
            suite.prove_sound(self.core.values())

    def fate(self, mutant):
        """What became of it: who noticed, and by what."""
        folder = pathlib.Path(self.folder, f'{abs(hash(mutant)):x}')
        (folder / 'core').mkdir(parents=True)
        try:
            return self.fate_in(folder, mutant)
        finally:
            shutil.rmtree(folder)

    def fate_in(self, folder, mutant):
        changed = self.root / mutant.source
        (folder / 'core' / changed.name).write_text(mutant.text)
        objects = dict(self.core)
        for source in [changed] if changed in self.core else self.core:
            objects[source] = folder / (source.stem + '.o')
            text = mutant.text if source == changed else source.read_text()
            done = self.compile(text, objects[source], *CORE, f'-I{folder}')
            if done.returncode:
                return uncompiled(done.stdout)
        if all(objects[source].read_bytes() == as_is.read_bytes() for source, as_is in self.core.items()):
            return 'same', ''
        for suite in self.suites:
            words = suite.notices(folder, objects.values())
            if words:
                return suite.name, words
        return 'alive', ''


def uncompiled(said):
    """Only what the code itself asserts may keep a mutant from compiling."""
    asserted = re.search(r'static assertion failed: "(.*)"', said)
    if asserted:
        return 'compiler', asserted[1]
    return 'no C', next(line for line in said.splitlines() if 'error:' in line)


class Unit:
    """All unit tests of the core, one program after the other in one process."""
    name = 'unit'

    def __init__(self, programs):
        self.programs = programs
        self.seconds = 600

    def prepare(self, base):
        folder = self.programs.root / 'tests' / 'unit' / 'core'
        tests = sorted(folder.glob('test-*.c'))
        others = [path for path in sorted(folder.glob('*.c')) if 'int main(' not in path.read_text()]
        objects = self.programs.compiled(others, '-O1')
        names = [path.stem.replace('-', '_') for path in tests]
        for path, name in zip(tests, names):
            objects += self.programs.compiled([path], '-O1', f'-Dmain={name}')
        main = self.programs.folder / 'main.o'
        self.programs.compile(MAIN % (''.join(f'int {name}();\n' for name in names), ', '.join(names)), main)
        self.objects = self.programs.folder / 'tests.o'
        self.programs.link(self.objects, [main, *objects, *base], '-r', '-nostdlib')

    def run(self, folder, core):
        program = folder / 'tests'
        self.programs.link(program, [self.objects, *core, '-lcmocka', '-lpthread'])
        return run(program, self.seconds)

    def prove_sound(self, core):
        done = self.run(self.programs.folder, core)
        if done.code:
            sys.exit(f'the unit tests fail before anything is broken: {done.of_test()}\n{done.out[-3000:]}')
        self.seconds = limit_of(done)

    def notices(self, folder, core):
        done = self.run(folder, core)
        return done.of_test() if done.code else ''


class Checker:
    """The search of small worlds. What it says of the core as it is, is what it is to say."""
    name = 'checker'

    def __init__(self, programs):
        self.programs = programs
        self.seconds = 600

    def prepare(self, base):
        sources = sorted((self.programs.root / 'src' / 'proof').glob('*.c'))
        main = self.programs.root / 'tools' / 'mutation' / 'checker.c'
        self.objects = self.programs.folder / 'checker.o'
        objects = self.programs.compiled([main, *sources], '-O2')
        self.programs.link(self.objects, [*objects, *base], '-r', '-nostdlib')

    def run(self, folder, core):
        program = folder / 'checker'
        self.programs.link(program, [self.objects, *core])
        return run(program, self.seconds)

    def prove_sound(self, core):
        done = self.run(self.programs.folder, core)
        if done.code:
            sys.exit(f'the checker fails before anything is broken:\n{done.out[-3000:]}')
        self.said = done.out.splitlines()
        self.seconds = limit_of(done)

    def notices(self, folder, core):
        done = self.run(folder, core)
        if done.code:
            return 'it does not end'
        said = done.out.splitlines()
        more = [line for line in said if line not in self.said]
        less = [f'no longer {line}' for line in self.said if line not in said]
        return (more + less + [''])[0]


def limit_of(done):
    """What a mutant may take of the processor: more than this and it loops."""
    return int(2 + 2 * done.seconds)
