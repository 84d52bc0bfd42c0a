#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The verbs that change a machine, as far as they come without root: who may, what is asked for, where options end."""

import json
import os
import pathlib
import pty
import subprocess
import sys
import unittest

IOWARD = os.path.abspath(sys.argv[1])
TOPOLOGIES = pathlib.Path(__file__).resolve().parents[3] / 'lab' / 'topologies'
NOBODY = 65534


def become_nobody():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def ioward(*args, **more):
    return subprocess.run([IOWARD, *args], capture_output=True, text=True, preexec_fn=become_nobody, cwd='/',
                          **{'stdin': subprocess.DEVNULL, **more})


class WithoutRoot(unittest.TestCase):
    def refused(self, *args):
        done = ioward(*args)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn('IOW-EXEC-PRIVILEGE', done.stderr)
        return done

    def wrong(self, words, *args):
        done = ioward(*args)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(words, done.stderr)

    def test_only_root_changes_anything(self):
        for args in (['claim', '01:00.0'], ['release', '01:00.0'], ['release', '--resume'],
                     ['run', '--device', '01:00.0', '--', 'true']):
            self.assertEqual(self.refused(*args).stdout, '')

    def test_a_refusal_is_a_document_too(self):
        done = self.refused('claim', '--json', '01:00.0')
        self.assertEqual(json.loads(done.stdout)['error']['rule'], 'IOW-EXEC-PRIVILEGE')

    def test_options_of_a_command_are_its_own(self):
        self.refused('run', '-d', '01:00.0', 'ls', '-l', '--no-such-option', '--', '-x')
        self.refused('run', '-d', '01:00.0', '-d', '02:00.0', '--', '-x')
        self.wrong("'x'", 'run', '-d', '01:00.0', '-x', 'ls')

    def test_what_is_missing_is_asked_for(self):
        self.wrong('--device', 'run', 'ls')
        self.wrong('COMMAND', 'run', '-d', '01:00.0')
        self.wrong('DEVICE', 'claim')
        self.wrong('no DEVICE', 'release', '--resume', '01:00.0')
        self.wrong('does not take --dry-run', 'release', '--dry-run')

    def test_what_makes_no_sense_is_refused_before_anything_else(self):
        self.wrong('--timeout', 'claim', '-t', 'soon', '01:00.0')
        self.wrong('--timeout', 'release', '-t', '86401', '01:00.0')
        self.wrong('--lock-memory', 'run', '--lock-memory', 'much', '-d', '01:00.0', 'ls')
        self.wrong('IOW-SEL-SYNTAX', 'claim', '01:00')
        self.wrong('IOW-SEL-SYNTAX', 'run', '-d', '01:00', 'ls')
        self.wrong('6.12', 'sim', '-k', '6.13', 'card')
        done = ioward('claim', '-u', 'no such user', '01:00.0')
        self.assertEqual(done.returncode, 1)
        self.assertIn('IOW-EXEC-USER', done.stderr)

    def test_a_topology_is_a_file_or_a_name(self):
        done = ioward('sim', str(TOPOLOGIES / 'card.json'), input='status\n', stdin=None)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('0000:01:00.0', done.stdout)
        for name in ('no-such-topology', '/no/such/topology', '../card'):
            done = ioward('sim', name)
            self.assertEqual(done.returncode, 1)
            self.assertIn('IOW-SIM-TOPOLOGY', done.stderr)

    def test_a_person_gets_a_prompt_and_a_script_does_not(self):
        self.assertEqual(ioward('sim', str(TOPOLOGIES / 'card.json')).stdout, '')
        master, slave = pty.openpty()
        os.write(master, b'history\nquit\n')
        subprocess.run([IOWARD, 'sim', TOPOLOGIES / 'card.json'], stdin=slave, stdout=slave, stderr=slave, check=True)
        os.write(slave, b'end')
        text = b''
        while not text.endswith(b'end'):
            text += os.read(master, 65536)
        os.close(slave)
        os.close(master)
        self.assertEqual(text.count(b'sim> '), 2)


def on_terminal(script):
    """What a person sees who looks at standard error while a script is simulated."""
    master, slave = pty.openpty()
    subprocess.run([IOWARD, 'sim', TOPOLOGIES / 'card.json'], input=script, text=True, stdout=subprocess.DEVNULL,
                   stderr=slave, check=True)
    os.write(slave, b'\0')
    text = b''
    while not text.endswith(b'\0'):
        text += os.read(master, 65536)
    os.close(slave)
    os.close(master)
    return text.decode().rstrip('\0').splitlines()


class Progress(unittest.TestCase):
    def test_each_step_is_a_line(self):
        lines = on_terminal('claim 02:00.0\n')
        self.assertEqual(lines, ['[1/5] load vfio-pci ... done', '[2/5] unbind 0000:02:00.0 from e1000e ... done',
                                 '[3/5] set driver_override of 0000:02:00.0 to vfio-pci ... done',
                                 '[4/5] bind 0000:02:00.0 to vfio-pci ... done',
                                 '[5/5] give /dev/vfio/6 to user 1000, group 1000, mode 0600 ... done'])

    def test_what_fails_and_what_is_put_back_is_seen(self):
        lines = on_terminal('broken 02:00.0 vfio-pci EIO\nclaim 02:00.0\n')
        self.assertIn('[4/5] bind 0000:02:00.0 to vfio-pci ... the kernel refused', lines)
        self.assertIn('bind 0000:02:00.0 to e1000e ... done', lines[-1])

    def test_who_is_waited_for_is_said_before_the_waiting(self):
        lines = on_terminal('claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease 02:00.0\n')[5:]
        self.assertRegex(lines[0], r'^held by qemu \(process \d+\), who may have to let go first$')
        self.assertTrue(any('unbind 0000:02:00.0 from vfio-pci ... waits for its user ... not yet' in l for l in lines))
        self.assertTrue(any('bind 0000:02:00.0 to e1000e ... later' in l for l in lines))

    def test_documents_are_alone(self):
        self.assertEqual(on_terminal('claim --json 02:00.0\nrelease --json 02:00.0\n'), [])


class WithFoldersOfItsOwn(unittest.TestCase):
    """Root in namespaces where /run and /var/lib are empty: everything up to the first look at a device."""

    PREPARE = 'mount -t tmpfs none /run && mount -t tmpfs none /var/lib && '

    @classmethod
    def setUpClass(cls):
        if cls.shell('true').returncode != 0 and 'IOW_MUST_RUN' not in os.environ:
            raise unittest.SkipTest('no namespaces here')

    @classmethod
    def shell(cls, script):
        return subprocess.run(['unshare', '-rm', 'sh', '-c', cls.PREPARE + script, 'sh', IOWARD], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)

    def test_folders_and_files_are_made_for_whoever_acts_first(self):
        done = self.shell('umask 0; "$1" release --resume && stat -c "%a %n" /run/ioward /run/ioward/* /var/lib/ioward/*')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines(), [
            'nothing is unfinished', '755 /run/ioward', '600 /run/ioward/journal.db', '600 /run/ioward/lock',
            '600 /var/lib/ioward/history.db'])

    def test_looking_makes_nothing(self):
        done = self.shell('"$1" release && "$1" history && "$1" status >/dev/null && find /run /var/lib -name "ioward*"')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, 'No group is claimed.\nNothing was claimed on this machine yet.\n')

    def test_one_acts_at_a_time(self):
        done = self.shell('mkdir /run/ioward; exec 9>/run/ioward/lock; flock 9; "$1" release --resume -t 0.2')
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn('IOW-EXEC-LOCKED', done.stderr)

    def test_a_signal_ends_the_waiting(self):
        for name in ('INT', 'TERM', 'HUP'):
            done = self.shell(f"""mkdir /run/ioward; exec 9>/run/ioward/lock; flock 9
                "$1" release --resume 9>&- & sleep 0.3; kill -{name} $!; wait $!""".replace(
                    '"$1" release', 'env --default-signal "$1" release'))
            self.assertEqual(done.returncode, 8, done.stderr)
            self.assertIn('IOW-EXEC-STOPPED', done.stderr)

    def test_a_journal_that_is_none_is_left_alone(self):
        done = self.shell('mkdir /run/ioward; echo precious >/run/ioward/journal.db; "$1" release --resume; r=$?;'
                          'cat /run/ioward/journal.db; exit $r')
        self.assertEqual(done.returncode, 1)
        self.assertIn('IOW-EXEC-JOURNAL', done.stderr)
        self.assertEqual(done.stdout, 'precious\n')

    def test_a_history_that_cannot_be_written_hinders_nobody(self):
        done = self.shell('mkdir -p /var/lib/ioward/history.db; "$1" release --resume')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('the history in /var/lib/ioward cannot be written', done.stderr)

    def test_what_is_claimed_is_for_roots_eyes(self):
        done = self.shell('"$1" release --resume >/dev/null; chmod 0 /run/ioward/journal.db;'
                          'setpriv --bounding-set -all --inh-caps -all sh -c \'"$1" release\' sh "$1"')
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn('IOW-READ-DENIED', done.stderr)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
