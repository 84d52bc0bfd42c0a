#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The table on terminals of every width: what names things and people is whole, and nothing is cut elsewhere."""

import fcntl
import os
import pathlib
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import unittest

IOWARD, MAKE_MACHINE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
END = b'\0end'
IDS = pathlib.Path(__file__).resolve().parents[2] / 'golden' / 'pci.ids'


def on_terminal(width, args, env):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, width, 0, 0))
    text = bytearray()

    def collect():
        while not text.endswith(END):
            text.extend(os.read(master, 65536))

    collector = threading.Thread(target=collect)
    collector.start()
    done = subprocess.run(args, stdin=slave, stdout=slave, stderr=slave, env=env)
    # A terminal that is closed may lose what was not read yet: it ends when its own mark has come through.
    os.write(slave, END)
    collector.join()
    os.close(slave)
    os.close(master)
    assert done.returncode == 0
    return text.removesuffix(END).decode().replace('\r\n', '\n').splitlines()


class Terminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        machine = os.path.join(cls.holder.name, 'switch')
        subprocess.run([sys.executable, MAKE_MACHINE, 'switch', machine], check=True)
        cls.args = [IOWARD, '--from', machine, '--ids', IDS]
        cls.env = dict(os.environ, TERM='dumb', LC_ALL='C.UTF-8')
        cls.env.pop('COLUMNS', None)

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def table(self, width, *more):
        lines = on_terminal(width, [*self.args, *more], self.env)
        return lines[:lines.index('')] if '' in lines else lines

    def prove(self, term):
        args = [arg for arg in self.args if arg not in ('--ids', IDS)]
        return '\n'.join(on_terminal(100, [*args, 'prove'], self.env | {'TERM': term}))

    def test_progress_is_shown_and_erased(self):
        plain, shown = self.prove('dumb'), self.prove('xterm')
        self.assertNotIn('make-up', plain)
        self.assertIn('\n\033[Kmake-up 2 of 2', shown)
        self.assertEqual(shown.rsplit('\n\033[K', 1)[1], plain)

    def test_device_is_cut_first_then_class(self):
        whole = self.table(400)
        full = max(map(len, whole))
        start = {name: whole[0].index(name) for name in ('HOLDER', 'DRIVER', 'CLASS', 'DEVICE')}
        longest_class = start['DEVICE'] - start['CLASS'] - 1
        for width in range(40, full + 3):
            lines = self.table(width)
            self.assertEqual(len(lines), len(whole))
            heading = lines[0]
            for line, uncut in zip(lines, whole):
                self.assertEqual(line[:start['CLASS']], uncut[:start['CLASS']])
            least = start['CLASS'] + len('CLASS DEVICE')
            self.assertLessEqual(max(map(len, lines)), max(width, least))
            if width >= start['DEVICE'] + len('DEVICE'):
                self.assertEqual(heading.index('DEVICE') - heading.index('CLASS') - 1, longest_class)
        self.assertEqual(self.table(full), whole)

    def test_a_list_is_cut_the_same_way(self):
        for line in self.table(60, '--list')[1:]:
            self.assertRegex(line, r'^ *\d+ 0000:')

    def test_nothing_is_cut_in_a_file(self):
        done = subprocess.run(self.args, env=dict(self.env, COLUMNS='40'), capture_output=True, text=True, check=True)
        self.assertEqual([line.rstrip() for line in done.stdout.split('\n\n')[0].splitlines()],
                         [line.rstrip() for line in self.table(400)])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
