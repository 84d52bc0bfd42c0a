#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What 'ioward capture' does to files: whole or not at all, and never over another by accident."""

import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

IOWARD, MAKE_MACHINE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


class Capture(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.holder.name)
        subprocess.run([sys.executable, MAKE_MACHINE, 'switch', self.folder / 'machine'], check=True)
        self.before = set(self.folder.iterdir())

    def tearDown(self):
        self.holder.cleanup()

    def run_ioward(self, *args, **more):
        return subprocess.run([IOWARD, *args], cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL, **more)

    def capture(self, *args, **more):
        return self.run_ioward('capture', '--from', 'machine', *args, **more)

    def new_files(self):
        return {p.name for p in set(self.folder.iterdir()) - self.before}

    def test_a_capture_says_what_the_machine_says(self):
        self.assertEqual(self.capture('a.tar.zst').returncode, 0)
        self.assertEqual(self.new_files(), {'a.tar.zst'})
        for verb in ('status', 'show 03:00.0', 'why 03:00.0 04:00.0'):
            documents = []
            for source in ('machine', 'a.tar.zst'):
                done = self.run_ioward(*verb.split(), '--json', '--from', source)
                self.assertEqual(done.returncode, 0)
                documents.append(json.loads(done.stdout))
                self.assertEqual(documents[-1].pop('source'), {'provenance': 'capture', 'path': source})
            self.assertEqual(documents[0], documents[1])

    def test_a_capture_is_audited_as_the_machine_is(self):
        subprocess.run([sys.executable, MAKE_MACHINE, 'audited', self.folder / 'audited'], check=True)
        self.assertEqual(self.run_ioward('capture', '--from', 'audited', 'b.tar.zst').returncode, 0)
        documents = []
        for source in ('audited', 'b.tar.zst'):
            documents.append(json.loads(self.run_ioward('audit', '--json', '--from', source).stdout))
            documents[-1].pop('source')
        self.assertEqual(documents[0], documents[1])
        self.assertIn('IOW-REM-SLOT-GROWS', {finding['rule'] for finding in documents[0]['findings']})

    def test_a_file_is_replaced_only_when_forced(self):
        target = self.folder / 'a.tar.zst'
        target.write_text('precious')
        done = self.capture('a.tar.zst')
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'--force', done.stderr)
        self.assertEqual(target.read_text(), 'precious')
        self.assertEqual(self.capture('a.tar.zst', '--force').returncode, 0)
        self.assertNotEqual(target.read_bytes(), b'precious')
        self.assertEqual(self.new_files(), {'a.tar.zst'})

    def test_only_a_regular_file_is_replaced(self):
        os.mkfifo(self.folder / 'pipe')
        os.symlink('machine', self.folder / 'link')
        for name in ('pipe', 'link', 'machine'):
            done = self.capture(name, '--force')
            self.assertEqual(done.returncode, 1)
            self.assertIn(b'not a regular file', done.stderr)

    def test_a_full_disk_leaves_nothing(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

        for options in ((), ('--json',)):
            done = self.capture('a.tar.zst', *options, preexec_fn=limit)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b'IOW-CAP-WRITE', done.stderr)
            self.assertIn(b'File too large\n  -> raise the limit', done.stderr)
            self.assertEqual(self.new_files(), set())
        self.assertEqual(json.loads(done.stdout)['error']['rule'], 'IOW-CAP-WRITE')

    def test_every_failure_prints_a_document(self):
        (self.folder / 'there').write_text('precious')
        os.mkfifo(self.folder / 'pipe')
        for name, remedy in (('there', '--force'), ('pipe', 'name another file'), ('machine', 'name another file'),
                             ('nowhere/a', 'the folder does not exist'), ('there/a', 'should be the folder')):
            done = self.capture(name, '--json')
            self.assertEqual(done.returncode, 1)
            document = json.loads(done.stdout)
            self.assertEqual(document['schema'], 'ioward.error/1')
            self.assertEqual(document['error']['rule'], 'IOW-CAP-WRITE')
            self.assertEqual(document['error']['subject'], name)
            self.assertIn(remedy, document['error']['remedy'])
            self.assertIn(remedy, done.stderr.decode())

    def test_what_is_missing_in_the_capture_is_told(self):
        subprocess.run([sys.executable, MAKE_MACHINE, 'unprivileged', self.folder / 'user'], check=True)
        done = self.run_ioward('capture', '--from', 'user', 'a')
        self.assertEqual(done.returncode, 0)
        self.assertIn(b'\n? only the first bytes of the config space of 0000:00:01.0', done.stdout)
        self.assertIn(b'as root', done.stdout)
        done = self.run_ioward('capture', '--from', 'user', 'b', '--json')
        rules = {missing['rule'] for missing in json.loads(done.stdout)['missing']}
        self.assertIn('IOW-READ-CONFIG-SHORT', rules)

    def test_a_folder_that_is_not_there(self):
        done = self.capture('nowhere/a.tar.zst')
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'No such file or directory', done.stderr)

    def test_a_machine_that_makes_no_sense_is_recorded_all_the_same(self):
        bus = self.folder / 'machine' / 'sys' / 'bus' / 'pci' / 'devices'
        for link in list(bus.iterdir()):  # without links only the bus numbers tell what is above what
            place = link.resolve()
            link.unlink()
            shutil.copytree(place, link, symlinks=True, ignore=lambda at, names: [n for n in names if ':' in n])
        for address, secondary in (('0000:00:02.0', 9), ('0000:01:00.0', 1)):
            config = bytearray((bus / address / 'config').read_bytes())
            config[0x19] = secondary
            (bus / address / 'config').write_bytes(config)
        done = self.capture('loop.tar.zst')
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'IOW-TOPO-LOOP', done.stderr)
        self.assertEqual(self.new_files(), {'loop.tar.zst'})

    def test_standard_output(self):
        self.assertEqual(self.capture('a.tar.zst').returncode, 0)
        self.assertEqual(self.capture('-').stdout, (self.folder / 'a.tar.zst').read_bytes())
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([IOWARD, 'capture', '-', '--from', 'machine'], cwd=self.folder, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'No space left', done.stderr)

    def test_private_captures_are_their_owners(self):
        os.umask(0o022)
        self.assertEqual(self.capture('a').returncode, 0)
        self.assertEqual(self.capture('b', '--keep-private').returncode, 0)
        self.assertEqual((self.folder / 'a').stat().st_mode & 0o777, 0o644)
        self.assertEqual((self.folder / 'b').stat().st_mode & 0o777, 0o600)

    def test_the_document(self):
        done = self.capture('a.tar.zst', '--json')
        document = json.loads(done.stdout)
        size = (self.folder / 'a.tar.zst').stat().st_size
        self.assertEqual(document, {'schema': 'ioward.capture/1', 'path': 'a.tar.zst', 'size_bytes': size,
                                    'private_kept': False, 'missing': []})

    def test_output_that_cannot_be_written_is_a_failure(self):
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([IOWARD, 'status', '--from', 'machine'], cwd=self.folder, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'No space left', done.stderr)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
