#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The verbs that change a machine, as far as they come without root: who may, what is asked for, where options end."""

import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import unittest

IOWARD = os.path.abspath(sys.argv[1])
TOPOLOGIES = pathlib.Path(__file__).resolve().parents[3] / 'lab' / 'topologies'
MAKE_MACHINE = TOPOLOGIES.parents[1] / 'tools' / 'make-machine'
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
        self.wrong('the DEVICE to give up on', 'release', '--forget')

    def test_what_makes_no_sense_is_refused_before_anything_else(self):
        self.wrong('--timeout', 'claim', '-t', 'soon', '01:00.0')
        self.wrong('--timeout', 'release', '-t', '86401', '01:00.0')
        for amount in ('much', '1', '4095'):
            self.wrong('--lock-memory', 'run', '--lock-memory', amount, '-d', '01:00.0', 'ls')
        self.wrong('IOW-SEL-SYNTAX', 'claim', '01:00')
        self.wrong('IOW-SEL-SYNTAX', 'run', '-d', '01:00', 'ls')
        self.wrong('6.12', 'sim', '-k', '6.13', 'card')
        done = ioward('claim', '-u', 'no such user', '01:00.0')
        self.assertEqual(done.returncode, 1)
        self.assertIn('IOW-EXEC-USER', done.stderr)

    def test_a_command_line_that_is_wrong_points_to_the_help_of_its_command(self):
        for verb, args in (('claim', ['-t', 'soon', '01:00.0']), ('release', ['-t', '-1', '01:00.0']),
                           ('run', ['-t', 'soon', '-d', '01:00.0', 'ls'])):
            self.wrong(f"Try 'ioward {verb} --help'.", verb, *args)

    def test_what_is_refused_speaks_of_options_that_there_are(self):
        for args in (['release', '01:00.0'], ['run', '-d', '01:00.0', 'ls']):
            done = self.refused(*args)
            self.assertIn('sudo', done.stderr)
            self.assertNotIn('--dry-run', done.stderr)

    def test_a_topology_that_is_not_there_is_looked_for_where_there_are_some(self):
        done = ioward('sim', 'no-such-topology')
        self.assertIn('No such file or directory, here or in /', done.stderr)
        self.assertIn('/topologies; there are', done.stderr)
        self.assertNotIn('/topologies', ioward('sim', './no-such-topology').stderr)

    def test_a_file_that_is_no_topology_is_named(self):
        done = ioward('sim', '/etc/passwd')
        self.assertEqual(done.returncode, 1)
        self.assertIn('/etc/passwd describes no machine', done.stderr)
        self.assertIn('not JSON', done.stderr)

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


def simulate(script, topology='card'):
    return subprocess.run([IOWARD, 'sim', TOPOLOGIES / f'{topology}.json'], input=script, text=True, capture_output=True,
                          check=True)


class Streams(unittest.TestCase):
    """What went well is on standard output, what did not on standard error; documents are on standard output."""

    def test_what_was_done_is_output(self):
        done = simulate('claim 02:00.0\nrelease 02:00.0\n')
        self.assertEqual(done.stderr, '')
        self.assertEqual(len(done.stdout.splitlines()), 2)

    def test_what_failed_is_no_output(self):
        for script, words in (('claim 02:00.0\nclaim 02:00.0\n', 'Nothing will be changed'),
                              ('broken 02:00.0 vfio-pci EIO\nclaim 02:00.0\n', 'could not be claimed'),
                              ('claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease 02:00.0\n', 'not released yet')):
            done = simulate(script)
            self.assertIn(words, done.stderr)
            self.assertNotIn(words, done.stdout)

    def test_a_plan_that_is_refused_is_what_a_dry_run_is_asked_for(self):
        done = simulate('claim 02:00.0\nclaim --dry-run 02:00.0\n')
        self.assertEqual(done.stderr, '')
        self.assertIn('Nothing will be changed', done.stdout)

    def test_documents_tell_of_failures_too(self):
        done = simulate('broken 02:00.0 vfio-pci EIO\nclaim --json 02:00.0\n')
        self.assertEqual(done.stderr, '')
        self.assertEqual(json.loads(done.stdout)['outcome'], 'rolled-back')


class Simulated(unittest.TestCase):
    def test_help_tells_of_what_happens_to_the_machine(self):
        self.assertEqual(simulate('help mount\n').stdout.split(), ['mount', 'DISK', 'AT', 'mounts', 'a', 'disk'])
        self.assertIn('Usage: ioward claim', simulate('help claim\n').stdout)
        self.assertIn("unknown command 'dance'", simulate('help dance\n').stderr)

    def test_a_usage_is_no_unknown_command(self):
        done = simulate('mount\n')
        self.assertIn('usage: mount DISK AT', done.stderr)
        self.assertNotIn('does not know', done.stderr)


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
        self.assertTrue(any(line.endswith('bind 0000:02:00.0 to e1000e ... done') for line in lines))

    def test_who_is_waited_for_is_said_before_the_waiting(self):
        lines = on_terminal('claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease 02:00.0\n')[5:]
        self.assertRegex(lines[0], r'^held by qemu \(process \d+\), who may have to let go first$')
        self.assertTrue(any('unbind 0000:02:00.0 from vfio-pci ... waits for its user ... not yet' in l for l in lines))
        self.assertTrue(any('bind 0000:02:00.0 to e1000e ... later' in l for l in lines))

    def test_documents_are_alone(self):
        self.assertEqual(on_terminal('claim --json 02:00.0\nrelease --json 02:00.0\n'), [])


def streams(script):
    done = ioward('sim', str(TOPOLOGIES / 'card.json'), input=script, stdin=None)
    return done.stdout, done.stderr


class Streams(unittest.TestCase):
    """What failed is said on standard error, and documents are on standard output."""

    def test_a_claim_that_is_rolled_back(self):
        out, err = streams('broken 02:00.0 vfio-pci EIO\nclaim 02:00.0\n')
        self.assertNotIn('could not be claimed', out)
        self.assertIn('could not be claimed', err)

    def test_a_release_that_waits(self):
        out, err = streams('claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease 02:00.0\n')
        self.assertIn('is claimed for', out)
        self.assertNotIn('not released yet', out)
        self.assertIn('not released yet', err)

    def test_a_document(self):
        out, err = streams('broken 02:00.0 vfio-pci EIO\nclaim --json 02:00.0\n')
        self.assertIn('"outcome": "rolled-back"', out)
        self.assertEqual(err, '')


class Release(unittest.TestCase):
    def test_the_list_names_who_is_waited_for(self):
        out, _ = streams('claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease 02:00.0\nrelease\n')
        self.assertRegex(out, r'waits for: qemu \(process \d+\)')
        out, _ = streams('claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease\n')
        self.assertNotIn('waits for', out)

    def test_of_several_those_are_released_that_are_claimed(self):
        out, err = streams('claim 02:00.0\nrelease class=ethernet\n')
        self.assertIn('is released', out)
        self.assertEqual(err, '')
        out, err = streams('release class=ethernet\n')
        self.assertIn('IOW-EXEC-NOT-CLAIMED', err)

    def test_whoever_keeps_a_device_that_keeps_its_driver_is_waited_for(self):
        script = """modprobe vfio-pci\nunbind 02:00.0\noverride 02:00.0 vfio-pci\nbind 02:00.0 vfio-pci
claim 02:00.0\nopen 02:00.0 qemu 1000\nrelease 02:00.0\nrelease --resume\nrelease\n"""
        out, err = streams(script)
        self.assertEqual(err.count('group 6 is not released yet'), 2)
        self.assertEqual(err.count('IOW-EXEC-HELD'), 2)
        self.assertRegex(out, r'waits for: qemu \(process \d+\)')
        process = out.split('process ')[1].split()[0]
        out, err = streams(f'{script}close {process}\nrelease --resume\nrelease\n')
        self.assertIn('group 6 is released', out)
        self.assertTrue(out.endswith('No group is claimed.\n'), out)

    def test_other_devices_may_have_the_number_of_a_group_that_is_gone(self):
        done = ioward('sim', str(TOPOLOGIES / 'port-functions-acs.json'), stdin=None, input="""claim 01:00.0
unplug 01:00.0\nunplug 02:00.0\nplug 02:00.0\nclaim 02:00.0 -u bob\nrelease 01:00.0\nrelease
release 02:00.0\nrelease\n""")
        numbers = re.findall(r'group (\d+) is claimed', done.stdout)
        self.assertEqual(len(numbers), 2, done.stderr)
        self.assertEqual(numbers[0], numbers[1])
        self.assertIn('for bob', done.stdout.split('released')[1])
        self.assertTrue(done.stdout.endswith('No group is claimed.\n'), done.stdout)

    def test_a_claim_that_is_given_up_is_gone_and_so_is_the_driver(self):
        out, err = streams('claim 02:00.0\nrelease --forget 02:00.0\nrelease\nhistory\nshow 02:00.0\n')
        self.assertEqual(err, '')
        self.assertIn('group 6 is given up', out)
        self.assertIn('No group is claimed.', out)
        self.assertRegex(out, r'forgotten +group 6 ')
        self.assertIn('vfio-pci', out.split('forgotten')[1])


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

    # Stops are blocked from before the lock is asked for, and by then signals that end are caught.
    IS_ABOUT_TO_WAIT = """n=0
            until grep -q '^SigBlk:.*38....$' /proc/$!/status || [ $n = 100 ]; do sleep 0.05; n=$((n+1)); done"""

    def test_who_has_the_lock_or_is_about_to_is_not_stopped(self):
        done = self.shell(f"""mkdir /run/ioward; exec 9>/run/ioward/lock; flock 9
            "$1" release --resume 9>&- & {self.IS_ABOUT_TO_WAIT}
            for signal in TSTP TTIN TTOU; do kill -$signal $!; done
            sleep 0.1; n=0
            until grep State /proc/$!/status | grep sleeping || [ $n = 100 ]; do sleep 0.05; n=$((n+1)); done
            exec 9>&-; n=0
            while kill -CONT $! && [ $n != 100 ]; do sleep 0.05; n=$((n+1)); done 2>/dev/null
            wait $!""")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('sleeping', done.stdout)
        self.assertIn('nothing is unfinished', done.stdout)

    def test_a_signal_ends_the_waiting(self):
        for name in ('INT', 'TERM', 'HUP'):
            done = self.shell(f"""mkdir /run/ioward; exec 9>/run/ioward/lock; flock 9
                "$1" release --resume 9>&- & {self.IS_ABOUT_TO_WAIT}; kill -{name} $!; wait $!""".replace(
                    '"$1" release', 'env --default-signal "$1" release'))
            self.assertEqual(done.returncode, 8, done.stderr)
            self.assertIn('IOW-EXEC-STOPPED', done.stderr)

    # A claim of group 77 that ends with a command, run by the process $1.
    CLAIM = """
import sqlite3, sys
start = open(f'/proc/{sys.argv[1]}/stat').read().rsplit(')', 1)[1].split()[19]
with sqlite3.connect('/run/ioward/journal.db') as journal:
    journal.execute("INSERT INTO claim VALUES (NULL, 1, 'held', 77, 0, 0, 1, 1, 'sleep 60', ?, ?)",
                    (int(sys.argv[1]), int(start)))
"""

    def bound(self, *lines):
        return self.shell(f"""release() {{ "$ioward" release "$@"; echo "exit $?"; }}
            ioward=$1; release --resume >/dev/null
            sleep 60 & python3 -c "{self.CLAIM.replace('"', chr(92) + '"')}" $! || exit
            trap 'kill $!' EXIT; echo "process $!"; {'; '.join(lines)}""")

    def test_what_a_running_command_has_is_not_released(self):
        done = self.bound('release g77', 'release --resume', 'release')
        process = done.stdout.splitlines()[0]
        self.assertIn('exit 4\nnothing is unfinished\nexit 0\n', done.stdout)
        self.assertIn('group 77', done.stdout)
        self.assertIn('IOW-EXEC-BOUND', done.stderr)
        self.assertIn(f"'sleep 60', run by ioward ({process})", done.stderr)

    def test_what_a_running_command_has_can_be_given_up(self):
        done = self.bound('release --forget g77', 'release')
        self.assertIn('group 77 is given up', done.stdout)
        self.assertTrue(done.stdout.endswith('exit 0\nNo group is claimed.\nexit 0\n'), done.stdout)

    def test_a_command_is_looked_for_before_anything_is_taken(self):
        done = self.shell('"$1" run -d ff:1f.7 -- ioward-no-such-command')
        self.assertEqual(done.returncode, 127, done.stderr)
        self.assertIn('check its name', done.stderr)
        done = self.shell('"$1" run -d ff:1f.7 -- /etc/passwd')
        self.assertEqual(done.returncode, 126, done.stderr)
        self.assertIn('check the permissions', done.stderr)
        done = self.shell('"$1" run -d ff:1f.7 -- true')
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_a_journal_that_is_none_is_left_alone(self):
        done = self.shell('mkdir /run/ioward; echo precious >/run/ioward/journal.db; "$1" release --resume; r=$?;'
                          'cat /run/ioward/journal.db; exit $r')
        self.assertEqual(done.returncode, 1)
        self.assertIn('IOW-EXEC-JOURNAL', done.stderr)
        self.assertEqual(done.stdout, 'precious\n')

    def test_without_a_boot_id_the_journal_is_left_alone(self):
        for args in ('release', 'release --resume'):
            done = self.bound('mount -t tmpfs none /proc/sys/kernel/random', args, 'umount /proc/sys/kernel/random',
                              'release')
            self.assertIn('/proc/sys/kernel/random/boot_id', done.stderr)
            self.assertIn('group 77', done.stdout)

    def test_without_space_what_is_claimed_is_known(self):
        done = self.bound('mount -t tmpfs -o size=64k none /mnt', 'cp /run/ioward/journal.db /mnt/',
                          'mount --move /mnt /run/ioward', 'cat /dev/zero >/run/ioward/full 2>/dev/null',
                          'release g77')
        self.assertIn('IOW-EXEC-BOUND', done.stderr)

    def test_a_history_that_cannot_be_written_hinders_nobody(self):
        done = self.shell('mkdir -p /var/lib/ioward/history.db; "$1" release --resume')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('the history in /var/lib/ioward cannot be written', done.stderr)

    def test_what_is_claimed_is_for_roots_eyes(self):
        done = self.shell('"$1" release --resume >/dev/null; chmod 0 /run/ioward/journal.db;'
                          'setpriv --bounding-set -all --inh-caps -all sh -c \'"$1" release\' sh "$1"')
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn('only root may see what is claimed (IOW-EXEC-PRIVILEGE)', done.stderr)

    def test_who_cannot_see_everything_sees_the_plan_and_what_it_rests_on(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, MAKE_MACHINE, 'workstation', folder], check=True)
            as_machine = f'mount --rbind {folder}/sys /sys && "$1" claim --dry-run '
            done = self.shell(as_machine + 'g1')
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('which could not be seen', done.stdout)
            self.assertIn('IOW-USE-UNKNOWN', done.stdout)
            self.assertIn('Steps:', done.stdout)
            done = self.shell(as_machine + '01:00.0')
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn('IOW-PLAN-COMPANIONS', done.stdout)
            self.assertNotIn('Steps:', done.stdout)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
