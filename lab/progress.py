# SPDX-License-Identifier: GPL-2.0-or-later
"""On a terminal, one line that says what is running and for how long; elsewhere nothing."""

import sys
import threading
import time
from contextlib import contextmanager

CLEAR = "\r\033[K"
WIDTH = 110


class Progress:
    def __init__(self, total):
        self.total = total
        self.done = 0
        self.running = {}  # since when, by name
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.started = time.monotonic()
        self.teller = threading.Thread(target=self.tell, daemon=True) if sys.stdout.isatty() else None

    def __enter__(self):
        if self.teller:
            self.teller.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        if self.teller:
            self.teller.join()
            self.clear()

    @contextmanager
    def of(self, name):
        with self.lock:
            self.running[name] = time.monotonic()
        try:
            yield
        finally:
            with self.lock:
                del self.running[name]
                self.done += 1

    def clear(self):
        if self.teller:
            print(CLEAR, end="", flush=True)

    def tell(self):
        while not self.over.wait(1):
            print(CLEAR + self.line(time.monotonic())[:WIDTH], end="", flush=True)

    def line(self, now):
        with self.lock:
            running = ", ".join(f"{name} {now - since:.0f} s" for name, since in self.running.items())
            return f"{self.done} of {self.total} in {(now - self.started) / 60:.0f} min; {running}"
