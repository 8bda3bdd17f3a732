# Keeps a database process from outliving the process that asked for it, however that one ends.
#
#   sh -c <this text> courtside-postgres <owner pid> <signal> <folder> <command> [argument...]
#
# Standard input is a pipe that the owner alone holds open: it ends when the owner closes it or dies. Then <command>
# gets <signal>, and when it has ended <folder>, if one is named, is removed. The first line of standard output is the
# pid of <command>; the exit code is that of <command>. <owner pid> is only there to be seen in the process table.
signal=$2
folder=$3
shift 3
exec 3<&0

"$@" </dev/null >&2 3<&- &
child=$!
echo "$child"

# Somebody else may end us, for example a machine that shuts down: the database goes first.
trap 'kill -s "$signal" "$child" 2>/dev/null' TERM INT HUP
owner=alive
trap 'owner=gone; kill -s "$signal" "$child" 2>/dev/null' USR1

# Tells us again and again, because a command that has only just begun may not listen to signals yet.
(
  while read -r ignored <&3; do :; done
  while kill -s USR1 "$$" 2>/dev/null; do sleep 1; done
) >/dev/null &
watch=$!
exec 3<&-

# `wait` also returns when a trap has run; the child is gone only when it can no longer be signalled.
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done

# Not TERM: a shell that has only just forked may lose it.
kill -s KILL "$watch" 2>/dev/null
wait "$watch" 2>/dev/null
if [ "$owner" = gone ] && [ -n "$folder" ]; then
  # A grandchild may still be writing its last file.
  rm -rf -- "$folder" 2>/dev/null || { sleep 1 && rm -rf -- "$folder"; }
fi
exit "$code"
