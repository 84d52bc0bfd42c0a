#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints what can be plugged in a topology: plugs.py FILE. A line each: the port, the device (differ/plug.h)."""

import json
import sys


def address_of(port):
    slot, _, function = port["addr"].partition(".")
    return f"0000:00:{int(slot, 16):02x}.{function or 0}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        devices = json.load(file)["devices"]
    ports = {device["id"]: address_of(device) for device in devices if device["driver"] == "pcie-root-port"}
    # Function 0 last: it makes the others visible.
    plugs = [device for device in devices if device.get("bus") in ports and "id" in device]
    for device in sorted(plugs, key=lambda device: device["addr"], reverse=True):
        print(ports[device["bus"]], json.dumps(device))


if __name__ == "__main__":
    main()
