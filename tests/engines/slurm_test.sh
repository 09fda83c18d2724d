#!/usr/bin/env bash
# A one-node Slurm on loopback, with daemons of our own: an array job that is cancelled halfway and submitted again. What was done is
# not done again, and the merged database is that of one thread. Every daemon that is started here is ended here, by its number.
for program in munged slurmctld slurmd; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null ||
        { echo "skipped: $program is not there (Debian: munge, slurm-wlm)"; exit 77; }
done
for program in sbatch squeue scancel scontrol sinfo; do
    command -v "$program" >/dev/null || { echo "skipped: $program is not there (Debian: slurm-wlm)"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: slurmd needs root"; exit 77; }
. "$(dirname "$0")/kit.sh"

daemons=()
end_daemons() {
    local daemon
    timeout 10 scancel --quiet --user="$(id -un)" 2>/dev/null
    sleep 0.5
    for daemon in "${daemons[@]}"; do
        kill -9 $(family "$daemon") 2>/dev/null
    done
    # A step's keeper leaves its parent; it has the spool folder open.
    for daemon in $(pgrep -x slurmstepd); do
        grep -qs "$work" "/proc/$daemon/environ" && kill -9 "$daemon"
    done
}
trap 'end_daemons; rm -rf "$work"' EXIT

# skip_slurm WHY: daemons that do not start are no fault of the sweep's.
skip_slurm() {
    tail -n 5 "$work"/*.log >&2
    echo "skipped: $1"
    exit 77
}

# --- the daemons ------------------------------------------------------------------------------------------
chmod 755 "$work"
node=$(hostname -s)
port=$((20000 + $$ % 20000))
next_port
controller_port=$port
next_port
mkdir state spool munge
chmod 700 munge
dd if=/dev/urandom of=munge/key bs=1 count=1024 2>/dev/null
chmod 600 munge/key
cat >slurm.conf <<E2
ClusterName=epsim
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$port
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$node Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
E2
export SLURM_CONF=$work/slurm.conf
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
    --seed-file="$work/munge/seed" --log-file="$work/munge.log" >>munge.log 2>&1 &
daemons+=($!)
disown # its end is ours to see to
within 60 test -S munge/socket || skip_slurm "munged does not start"
slurmctld -D -f "$work/slurm.conf" >>ctld.log 2>&1 &
daemons+=($!)
disown
slurmd -D -f "$work/slurm.conf" -N "$node" >>d.log 2>&1 &
daemons+=($!)
disown
# A client asks for minutes when nobody answers.
is_idle() { [ "$(timeout 10 sinfo -h -o %T 2>/dev/null)" = idle ]; }
within 60 is_idle || skip_slurm "slurmctld or slurmd does not start"

# --- a sweep as an array ----------------------------------------------------------------------------------
make_sweep array 16
run 0 "$EPSIM" sweep script sweep.yaml --engine slurm --count 8
printf '%s\n' "$out" >job.sh

# no_jobs: the controller says that none is left; one that says nothing says nothing of jobs either.
no_jobs() {
    local left
    left=$(timeout 10 squeue -h 2>/dev/null) && [ -z "$left" ]
}
until_done() { within 180 no_jobs || fail "the array does not end: $(timeout 10 squeue 2>&1)"; }

run 0 timeout 120 bash job.sh
has "$out" "Submitted batch job"
within 120 results array 4 || fail "nothing was done within two minutes: $(timeout 10 squeue 2>&1)"
timeout 30 scancel --user="$(id -un)"
until_done
run 1 "$EPSIM" sweep status array.runs --format json
if command -v python3 >/dev/null; then
    half=$(printf '%s' "$out" | python3 -c 'import json, sys
s = json.load(sys.stdin); print(s["failed"], 0 < s["done"] < 96, 0 < s["missing"] < 96)')
    same "$half" "0 True True"
fi
first=$(ls array.runs/runs-*.db)

run 0 timeout 120 bash job.sh
until_done
run 0 "$EPSIM" sweep status array.runs
has "$out" "done     96"
# What the first array did is there as it was.
same "$(ls $first)" "$first"
same_as_straight array
finish
