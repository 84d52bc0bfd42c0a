#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# identity.sh FILE... - the header that names these programs and records: a digest of their source
printf '#define IOW_PIN_IDENTITY "%.16s"\n' "$(cat "$@" | sha256sum)"
