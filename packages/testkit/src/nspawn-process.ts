/** The process side of a test machine: systemd-nspawn on a disk of two layers. */
import { readFileSync } from "node:fs";
import { childrenOf, type Container, startContainer } from "./test-bed.ts";

/** A folder of this computer that the machine sees. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
}

export interface MachineContainerOptions {
  /** UUID; the machine's own id (/etc/machine-id) is made from it. */
  readonly id: string;
  readonly hostName: string;
  /** Read-only lower layer of the machine's disk. */
  readonly image: string;
  /** Folder of this machine; its disk's upper layer and its console's log lie in here. */
  readonly folder: string;
  /** Network namespace by name; undefined shares this computer's network. */
  readonly network: string | undefined;
  /** Folders of control groups that the machine is put into, one per hierarchy. */
  readonly controlGroups: readonly string[];
  readonly binds: readonly Bind[];
}

/**
 * $1 image, $2 machine's folder, $3 host name, $4 number of control groups, then those, then nspawn's further arguments.
 * systemd-nspawn ends with 133 when the machine asks for a restart. Its own run folder is hidden, so that a machine that was
 * killed leaves nothing there.
 */
const launchScript = `
image=$1 folder=$2 name=$3 groups=$4; shift 4
while [ "$groups" -gt 0 ]; do echo 0 > "$1/cgroup.procs"; shift; groups=$((groups - 1)); done
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mount -t overlay overlay -o "lowerdir=$image,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
tries=0
while :; do
  code=0
  systemd-nspawn --register=no --keep-unit --quiet --boot --link-journal=no --directory="$folder/root" --machine="$name" --console=pipe "$@" || code=$?
  [ "$code" = 133 ] && continue
  # The computer was cut off a moment ago, and this computer's kernel still takes down what was in it.
  if [ "$code" = 1 ] && [ "$tries" -lt 50 ] && tail -n 1 "$folder/console.log" | grep -q "currently busy"; then
    tries=$((tries + 1))
    sleep 0.2
    continue
  fi
  exit "$code"
done
`;

/** Starts a machine's process tree. The folders `upper`, `work` and `root` must exist. */
export function startMachine(options: MachineContainerOptions): Container {
  const { folder, network, controlGroups, image, hostName } = options;
  const command = network ? ["nsenter", `--net=/run/netns/${network}`] : [];
  command.push("unshare", "--pid", "--fork", "--kill-child=KILL", "--mount", "--mount-proc", "--propagation", "private");
  command.push("sh", "-eu", "-c", launchScript, "sh", image, folder, hostName, String(controlGroups.length), ...controlGroups);
  command.push(`--uuid=${options.id}`, ...options.binds.map((bind) => `--bind${bind.readOnly ? "-ro" : ""}=${bind.source}:${bind.target}`));
  return startContainer(folder, command, findLeader);
}

/** unshare → sh → systemd-nspawn → the machine's PID 1. */
function findLeader(pid: number | undefined): number {
  const shell = childrenOf(pid).find((child) => commandOf(child) === "sh");
  const nspawn = childrenOf(shell).find((child) => commandOf(child) === "systemd-nspawn");
  const leader = childrenOf(nspawn).find((child) => commandOf(child) === "systemd");
  if (leader === undefined) throw new Error("The machine is off or has not started yet.");
  return leader;
}

/** Empty when the process has ended in the meantime. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
