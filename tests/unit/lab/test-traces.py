#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Traces of real users of VFIO (lab/usersteps.py): what strace wrote becomes the steps that were made."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, sys.argv.pop(1))

import straced
import usersteps

MACHINE = (HERE / "traces" / "machine").read_text()

# The group of function 4 and its device, open as 3 and 5, the container as 4.
OPENED = """\
7 openat(-100</>, "/dev/vfio/7", 0x80002) = 3</dev/vfio/7>
7 openat(-100</>, "/dev/vfio/vfio", 0x2) = 4</dev/vfio/vfio>
7 write(-1, "vfio name 0000:02:00.0", 22) = -1 EBADF (Bad file descriptor)
7 ioctl(3</dev/vfio/7>, 0x3b6a, 0x7ffc) = 5<anon_inode:[vfio-device]>
"""
OPENED_STEPS = ["0 fork", "1 group 4 0", "1 container 1", "1 device 0 5 2"]


def translate(text):
    return usersteps.translate(text, MACHINE)


def after_opening(text):
    """The steps of what comes after OPENED, with their answers."""
    return [f"{step.text} = {step.answer}" for step in translate(OPENED + text).steps[len(OPENED_STEPS):]]


class Calls(unittest.TestCase):
    def test_a_call_that_is_resumed_is_one_call(self):
        call, = straced.read_calls('7 write(1</x>, "a", 1 <unfinished ...>\n7 <... write resumed>) = -1 EBUSY (Busy)\n')
        self.assertEqual((call.arguments, call.value, call.error), ('1</x>, "a", 1', -1, 16))
        self.assertEqual((call.begun, call.ended), (1, 2))

    def test_calls_come_in_the_order_in_which_they_began(self):
        calls = straced.read_calls('7 write(1, "a", 1 <unfinished ...>\n8 close(3) = 0\n7 <... write resumed>) = 1\n')
        self.assertEqual([call.name for call in calls], ["write", "close"])

    def test_a_call_of_one_that_was_killed_has_no_value(self):
        for line in ("7 ioctl(3, 0x3b67, 0x1) = ?", "7 ioctl(3, 0x3b67, 0x1 <unfinished ...>) = ?",
                     "7 ioctl(3, 0x3b67, 0x1 <unfinished ...>"):
            call, = straced.read_calls(line)
            self.assertIsNone(call.value)

    def test_a_line_of_another_form_is_no_call(self):
        for line in ("nonsense", "7 <... write resumed>) = 1"):
            with self.assertRaises(straced.NotUnderstood):
                straced.read_calls(line)


class Files(unittest.TestCase):
    def test_files_get_the_lowest_slots(self):
        self.assertEqual([step.text for step in translate(OPENED).steps], OPENED_STEPS)
        self.assertEqual(after_opening('7 close(3</dev/vfio/7>) = 0\n7 openat(-100, "/dev/vfio/6", 0x2) = 3\n'),
                         ["1 close 0 = 0", "1 group 3 0 = 0"])

    def test_what_is_refused_fills_no_slot(self):
        self.assertEqual(after_opening('7 openat(-100, "/dev/vfio/7", 0x2) = -1 EBUSY (Device or resource busy)\n'
                                       '7 openat(-100, "/dev/vfio/6", 0x2) = 9\n'),
                         ["1 group 4 3 = 16", "1 group 3 3 = 0"])

    def test_every_way_to_duplicate(self):
        self.assertEqual(after_opening("7 dup(3</dev/vfio/7>) = 8\n7 fcntl(3</dev/vfio/7>, 0x406, 0) = 9\n"
                                       "7 dup2(3</dev/vfio/7>, 4</dev/vfio/vfio>) = 4</dev/vfio/7>\n"),
                         ["1 dup 0 3 = 0", "1 dup 0 4 = 0", "1 close 1 = 0", "1 dup 0 1 = 0"])

    def test_a_new_program_keeps_what_is_not_closed_for_it(self):
        self.assertEqual(after_opening('7 execve("/bin/x", ["x"], 0x7ff) = 0\n'), ["1 close 0 = 0", "1 close 2 = 0"])
        self.assertEqual(after_opening('7 fcntl(3, 2, 0) = 0\n7 execve("/bin/x", ["x"], 0x7ff) = 0\n'),
                         ["1 close 2 = 0"])

    def test_a_range_is_closed(self):
        self.assertEqual(after_opening("7 close_range(4, 4294967295, 0) = 0\n"), ["1 close 1 = 0", "1 close 2 = 0"])

    def test_a_file_is_passed_to_one_that_waits_for_it(self):
        self.assertEqual(after_opening(
            "8 recvmsg(9<socket:[2]>,  <unfinished ...>\n"
            "7 sendmsg(9<socket:[1]>, {msg_control=[{cmsg_len=20, cmsg_level=0x1, cmsg_type=0x1, "
            "cmsg_data=[3</dev/vfio/7>]}], msg_flags=0}, 0) = 4\n"
            "8 <... recvmsg resumed>{msg_control=[{cmsg_len=20, cmsg_level=0x1, cmsg_type=0x1, "
            "cmsg_data=[6</dev/vfio/7>]}], msg_flags=0}, 0) = 4\n8 close(6</dev/vfio/7>) = 0\n"),
            ["0 fork = 0", "1 pass 0 2 0 = 0", "2 close 0 = 0"])

    def test_a_group_that_is_not_the_machines_is_not_understood(self):
        with self.assertRaises(straced.NotUnderstood):
            translate('7 openat(-100, "/dev/vfio/99", 0x2) = 3\n')


class Processes(unittest.TestCase):
    def test_a_thread_has_its_processes_files(self):
        self.assertEqual(after_opening("7 clone3({flags=0x3d0f00, exit_signal=0} => {parent_tid=[8]}, 88) = 8\n"
                                       "8 close(4</dev/vfio/vfio>) = 0\n8 +++ exited with 0 +++\n"), ["1 close 1 = 0"])

    def test_a_process_is_over_with_its_last_thread(self):
        self.assertEqual(after_opening("7 clone3({flags=0x3d0f00, exit_signal=0} => {parent_tid=[8]}, 88) = 8\n"
                                       "7 +++ killed by SIGKILL +++\n8 +++ killed by SIGKILL +++\n"), ["1 exit = 0"])

    def test_a_child_inherits(self):
        self.assertEqual(after_opening("7 clone(child_stack=NULL, flags=0x1200011, child_tidptr=0x7f) = 8\n"
                                       "7 +++ exited with 0 +++\n8 close(4</dev/vfio/vfio>) = 0\n"),
                         ["1 fork = 0", "1 exit = 0", "2 close 1 = 0"])

    def test_the_number_of_one_that_is_over_is_free(self):
        self.assertEqual(after_opening('7 +++ exited with 0 +++\n8 openat(-100, "/dev/vfio/6", 0x2) = 3\n'),
                         ["1 exit = 0", "0 fork = 0", "1 group 3 0 = 0"])

    def test_a_request_of_one_that_was_killed_in_it_was_not_made(self):
        self.assertEqual(after_opening("7 ioctl(4</dev/vfio/vfio>, 0x3b66, 0x1) = ?\n7 +++ killed by SIGKILL +++\n"),
                         ["1 exit = 0"])


class Mappings(unittest.TestCase):
    MAP = "7 mmap(NULL, 8192, 0x3, 0x1, 5<anon_inode:[vfio-device]>, 0) = 0x7000000\n"

    def test_a_mapping_outlives_its_file(self):
        self.assertEqual(after_opening(self.MAP + "7 close(5) = 0\n7 munmap(0x7000000, 8192) = 0\n"),
                         ["1 mmap 2 3 = 0", "1 close 2 = 0", "1 munmap 3 = 0"])

    def test_it_is_there_as_long_as_a_part_of_it_is(self):
        self.assertEqual(after_opening(self.MAP + "7 munmap(0x7000000, 4096) = 0\n"), ["1 mmap 2 3 = 0"])
        self.assertEqual(after_opening(self.MAP + "7 munmap(0x7001000, 4096) = 0\n7 munmap(0x6fff000, 8192) = 0\n"),
                         ["1 mmap 2 3 = 0", "1 munmap 3 = 0"])

    def test_what_is_mapped_over_it_takes_its_place(self):
        self.assertEqual(after_opening(self.MAP + "7 mmap(0x7000000, 8192, 0, 0x32, -1, 0) = 0x7000000\n"),
                         ["1 mmap 2 3 = 0", "1 munmap 3 = 0"])

    def test_one_that_moves_is_not_understood(self):
        with self.assertRaises(straced.NotUnderstood):
            after_opening(self.MAP + "7 mremap(0x7001000, 4096, 8192, 0x1, 0) = 0x8000000\n")


class Requests(unittest.TestCase):
    def ask(self, fd, number, *told, result="0", after=""):
        lines = [f'7 write(-1, "vfio {text}", 9) = -1 EBADF (Bad file descriptor)' for text in told]
        lines.append(f"7 ioctl({fd}, {number:#x}, 0x3) = {result}")
        if after:
            lines.append(f'7 write(-1, "vfio {after}", 9) = -1 EBADF (Bad file descriptor)')
        return after_opening("".join(f"{line}\n" for line in lines))

    def test_each_that_the_language_knows(self):
        for asked, step in [
            ((4, 0x3b66), "1 set_iommu 1 3 = 0"),
            ((3, 0x3b68, "container 4"), "1 set_container 0 1 = 0"),
            ((3, 0x3b69), "1 unset_container 0 = 0"),
            ((5, 0x3b70, "argsz 12"), "1 malformed reset_info 2 = 0"),
            ((5, 0x3b70, "argsz 20"), "1 reset_info 2 = 0"),
            ((5, 0x3b71, "argsz 16 count 1 first 3 last 3"), "1 hot_reset 2 0 1 = 0"),
            ((5, 0x3b75, "argsz 24 flags 131072"), "1 set_token 2 = 0"),
        ]:
            with self.subTest(step):
                self.assertEqual(self.ask(*asked), [step])

    def test_flags_and_counts_are_answers(self):
        self.assertEqual(self.ask(3, 0x3b67, after="flags 3"), ["1 status 0 = f3"])
        self.assertEqual(self.ask(5, 0x3b70, "argsz 28", after="count 2"), ["1 reset_info 2 = f2"])

    def test_a_containers_request_of_the_same_number_takes_no_count(self):
        self.assertEqual(self.ask(4, 0x3b70, "argsz 24", after="count 4096"), [])

    def test_what_is_refused_has_its_error(self):
        self.assertEqual(self.ask(4, 0x3b66, result="-1 EPERM (Operation not permitted)"), ["1 set_iommu 1 3 = 1"])

    def test_what_is_left_out_is_counted(self):
        left_out = translate(OPENED + "7 ioctl(5, 0x3b6b, 0x7) = 0\n7 ioctl(5, 0x3b6b, 0x7) = 0\n").left_out
        self.assertEqual(left_out, {"VFIO_DEVICE_GET_INFO": 2})

    def test_what_nobody_knows_ends_it(self):
        two_groups = "argsz 20 count 2 first 3 last 8"
        for asked in ((5, 0x3b7f), (5, 0x3b76), (3, 0x3b6b), (5, 0x3b71, two_groups), (3, 0x3b68)):
            with self.subTest(asked), self.assertRaises(straced.NotUnderstood):
                self.ask(*asked)


class Sysfs(unittest.TestCase):
    def write(self, path, text):
        return [step.text for step in translate(f'7 write(1<{path}>, "{text}\\n", 9) = 9\n').steps]

    def test_each_file_that_the_language_knows(self):
        device = "/sys/devices/pci0000:00/0000:00:03.0/0000:02:00.0"
        for path, text, step in [
            ("/sys/bus/pci/drivers/vfio-pci/bind", "0000:02:00.0", "0 bind vfio-pci 5"),
            ("/sys/bus/pci/drivers/e1000e/unbind", "0000:01:00.0", "0 unbind e1000e 3"),
            ("/sys/bus/pci/drivers_probe", "0000:01:00.0", "0 probe 3"),
            ("/sys/bus/pci/rescan", "1", "0 rescan"),
            (f"{device}/driver_override", "vfio-pci", "0 override 5 vfio-pci"),
            (f"{device}/driver_override", "", "0 override 5 none"),
            (f"{device}/remove", "1", "0 remove 5"),
            ("/sys/kernel/iommu_groups/7/type", "identity", "0 type 4 identity"),
        ]:
            with self.subTest(step):
                self.assertEqual(self.write(path, text), [step])

    def test_another_file_ends_it(self):
        with self.assertRaises(straced.NotUnderstood):
            self.write("/sys/bus/pci/devices/x/reset", "1")

    def test_a_look_tells_what_waits(self):
        unbind = '9 write(1</sys/bus/pci/drivers/vfio-pci/unbind>, "0000:02:00.0\\n", 13 <unfinished ...>\n'
        sequence = translate(OPENED + unbind +
                             '8 write(1</dev/null>, "look 1\\n", 7) = 7\n7 +++ killed by SIGKILL +++\n'
                             '9 <... write resumed>) = 13\n8 write(1</dev/null>, "look 2\\n", 7) = 7\n')
        self.assertEqual([look.pending(sequence.steps) for look in sequence.looks], [{4}, set()])
        self.assertEqual([look.after for look in sequence.looks], [5, 6])


class Recorded(unittest.TestCase):
    """What came of real users, without the lines that make no step."""

    def test_each(self):
        for trace in sorted((HERE / "traces").glob("*.trace")):
            with self.subTest(trace.stem):
                steps = [f"{step.text} = {step.answer}" for step in translate(trace.read_text()).steps]
                self.assertEqual(steps, trace.with_suffix(".steps").read_text().splitlines())


unittest.main()
