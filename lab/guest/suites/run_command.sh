# SPDX-License-Identifier: GPL-2.0-or-later
# A command has the group for as long as it lives, however it ends, and whatever it leaves behind.
[ -n "$IOWARD" ] || exit 0
. "$guest/claims.sh"
native_drivers
device=04:01.0
has=(--device "$device" --with-group --user "$user" --)

# STEP: does dma-test, run by the verb of this step, say that it holds the device?
holding() {
    grep -qs holding "$records/$1.out"
}

# ADDRESS: does nobody have its group open, or a device of it? Then it can be opened, or there is nothing to open.
let_go_of() {
    local node
    node=/dev/vfio/$(group_of "$1")
    [ ! -e "$node" ] || { : <>"$node"; } 2>/dev/null
}

begin dma
verb dma.run run "${has[@]}" "$DMA_TEST" 0000:$device
finish dma

begin code
verb code.run run "${has[@]}" sh -c 'id -u; exit 7'
finish code 0000:$device

begin absent
verb absent.run run "${has[@]}" /nowhere/at-all
finish absent 0000:$device

begin killed
verb killed.run run "${has[@]}" sh -c 'kill -KILL $$'
finish killed

# The command ends, a child of it keeps the device open.
begin daemon
mkfifo /run/daemon.input
chown $user /run/daemon.input
verb_beside daemon.run run "${has[@]}" sh -c "setsid $DMA_TEST --hold 0000:$device </run/daemon.input &"
supervisor=$job
exec {input}<>/run/daemon.input
until_so holding daemon.run
ownership daemon.held
verb daemon.early release --resume --timeout 2
ownership daemon.early
echo >&$input
exec {input}>&-
until_so let_go_of 0000:$device
ended daemon.run $supervisor
verb daemon.resume release --resume
finish daemon

# ioward is killed, the command lives on.
begin orphan
mkfifo /run/orphan.input
chown $user /run/orphan.input
verb_beside orphan.run run "${has[@]}" sh -c "exec $DMA_TEST --hold 0000:$device </run/orphan.input"
supervisor=$job
exec {input}<>/run/orphan.input
until_so holding orphan.run
kill -KILL $supervisor
ended orphan.run $supervisor
verb orphan.early release --resume --timeout 2
ownership orphan.held
echo >&$input
exec {input}>&-
until_so let_go_of 0000:$device
verb orphan.resume release --resume
finish orphan
