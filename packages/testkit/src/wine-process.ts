/** The process side of a Windows test computer: Wine on a disk of two layers. */
import { existsSync } from "node:fs";
import { childrenOf, type Container, startContainer } from "./test-bed.ts";
import { wineEnvironment, winePrefix } from "./wine-image.ts";

/** A disk besides C:, kept in memory. */
export interface WindowsDrive {
  readonly letter: string;
  readonly mebibytes: number;
}

export interface WineContainerOptions {
  readonly hostName: string;
  /** Read-only lower layer of the computer's disk. */
  readonly image: string;
  /** Folder of this computer, with `upper`, `work` and `root` in it. */
  readonly folder: string;
  readonly drives: readonly WindowsDrive[];
}

/**
 * $1 image, $2 computer's folder, $3 host name, then pairs of letter and size. Wine's services end with the last program of a user,
 * so one waits for as long as the computer is on.
 */
const launchScript = `
image=$1 folder=$2 name=$3; shift 3
root=$folder/root
echo "$name" > /proc/sys/kernel/hostname
mount -t overlay overlay -o "lowerdir=$image,upperdir=$folder/upper,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
[ ! -e /etc/resolv.conf ] || cp /etc/resolv.conf "$root/etc/resolv.conf"
while [ $# -gt 1 ]; do
  mkdir -p "$root/drives/$1"
  mount -t tmpfs -o "size=$2m" tmpfs "$root/drives/$1"
  ln -sfn "/drives/$1" "$root${winePrefix}/dosdevices/$1:"
  shift 2
done
exec chroot "$root" env -i ${wineEnvironment.map((variable) => `'${variable}'`).join(" ")} sh -c 'cd ${winePrefix}/drive_c; sleep infinity | wine cmd.exe /q /k & wait'
`;

/** Starts the process tree. */
export function startWineContainer({ hostName, image, folder, drives }: WineContainerOptions): Container {
  const command = ["unshare", "--pid", "--uts", "--ipc", "--fork", "--kill-child=KILL", "--mount", "--mount-proc"];
  command.push("--propagation", "private", "sh", "-eu", "-c", launchScript, "sh", image, folder, hostName);
  command.push(...drives.flatMap(({ letter, mebibytes }) => [letter.toLowerCase(), String(mebibytes)]));
  return startContainer(folder, command, findLeader);
}

/** unshare → the first process in the namespace, once it has entered its disk. */
function findLeader(pid: number | undefined): number {
  const [leader] = childrenOf(pid);
  if (leader !== undefined && existsSync(`/proc/${leader}/root${winePrefix}/drive_c`)) return leader;
  throw new Error("The computer is off or has not started yet.");
}
