#!/usr/bin/env bash
# GNU parallel over three "hosts", each a ssh server of its own on loopback; one of them dies in the middle, with all that runs
# there. Its tasks go to the others, and the merged database is that of one thread. Every process that is started here is ended
# here, by its number. Hosts have a home of their own: what a user's shell does when it starts is none of this test's business, and a
# host that dies must not leave half of it behind.
for program in parallel ssh ssh-keygen; do
    command -v "$program" >/dev/null || { echo "skipped: $program is not there (Debian: parallel, openssh-server)"; exit 77; }
done
sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || { echo "skipped: sshd is not there (Debian: openssh-server)"; exit 77; }
. "$(dirname "$0")/kit.sh"

declare -A servers=()
end_servers() {
    local host
    for host in "${!servers[@]}"; do
        kill -9 $(family "${servers[$host]}") 2>/dev/null
    done
}
trap 'end_servers; rm -rf "$work"' EXIT

# --- three hosts ------------------------------------------------------------------------------------------
ssh-keygen -q -t ed25519 -N '' -f key
ssh-keygen -q -t ed25519 -N '' -f server_key
cp key.pub authorized
mkdir home
mkdir -p /run/sshd 2>/dev/null # where Debian's sshd wants to be alone
port=$((20000 + $$ % 20000))
# listens HOST: its server says so, on a machine that is busy after a while; a server that has gone never does.
listens() { grep -qs "Server listening" "$1.log" || ! kill -0 "${servers[$1]}" 2>/dev/null; }
for host in one two three; do
    for _ in $(seq 20); do
        next_port
        "$sshd" -D -e -f /dev/null -h "$work/server_key" -p "$port" -o ListenAddress=127.0.0.1 -o UsePAM=no -o StrictModes=no \
            -o "AuthorizedKeysFile=$work/authorized" -o PidFile=none -o MaxStartups=100 -o "PermitRootLogin=yes" \
            -o "SetEnv=HOME=$work/home" 2>"$host.log" &
        servers[$host]=$!
        disown # its end is ours to see to
        within 60 listens "$host"
        kill -0 "${servers[$host]}" 2>/dev/null && break # else somebody took the port just now
    done
    cat >>ssh_config <<E2
Host $host
    HostName 127.0.0.1
    Port $port
    User $(id -un)
    IdentityFile $work/key
    IdentitiesOnly yes
    IdentityAgent none
    BatchMode yes
    ConnectTimeout 30
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
    ServerAliveInterval 5
    ServerAliveCountMax 6
E2
done
if ! timeout 60 ssh -F ssh_config one true 2>ssh.log; then
    cat one.log ssh.log >&2
    echo "skipped: a ssh server cannot be used on this machine"
    exit 77
fi
export PARALLEL_SSH="ssh -F $work/ssh_config" PARALLEL_HOME=$work/.parallel
mkdir -p "$PARALLEL_HOME"
touch "$PARALLEL_HOME/will-cite"

# --- a sweep of some seconds ------------------------------------------------------------------------------
make_sweep hosts 20
run 0 "$EPSIM" sweep script sweep.yaml --engine parallel --count 4
printf '%s\n' "$out" >job.sh

timeout --kill-after=10 300 bash job.sh 1/one,1/two,1/three >job.out 2>job.err &
job=$!
# has_worked HOST: tasks of it have succeeded.
has_worked() { awk -F'\t' -v host="$1" 'NR > 1 && $2 ~ host && $7 == 0 { found = 1 } END { exit !found }' hosts.runs.joblog 2>/dev/null; }
within 120 has_worked two || fail "the host that is to die has done nothing within two minutes"
kill -9 $(family "${servers[two]}") # the server, its sessions, and what they run
unset 'servers[two]'
wait "$job"
same "$?" 0 # 124: it did not end within five minutes
cat job.err >&2
has "$(cat job.out)" "done     120"
# What the dead host had not done was done by the others.
has_not "$(tail -n 5 hosts.runs.joblog | cut -f2)" "two"

same_as_straight hosts

# The same script again, without that host: nothing is left to do.
before=$(ls hosts.runs)
run 0 timeout --kill-after=10 120 bash job.sh one,three
same "$(ls hosts.runs)" "$before"
finish
