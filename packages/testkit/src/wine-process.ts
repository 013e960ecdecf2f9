/**
 * The process side of a Windows test computer. All that it needs of the kernel (mounts, processes) hangs on one process tree in
 * namespaces of its own, tied to the test process: however the test ends, the kernel takes the computer down with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines } from "./command.ts";
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

export interface WineContainer {
  /** Process id of the tree's first process inside, as this computer sees it. Throws while there is none. */
  leader(): number;
  /** Resolves when all of it has ended. */
  readonly exited: Promise<void>;
  readonly isRunning: () => boolean;
  /** Cuts the power. */
  kill(): void;
  /** What it said, for an error message. */
  console(): string;
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
export function startWineContainer({ hostName, image, folder, drives }: WineContainerOptions): WineContainer {
  const consoleFile = join(folder, "console.log");
  const log = openSync(consoleFile, "a");
  const command = ["--pdeathsig", "KILL", "unshare", "--pid", "--uts", "--ipc", "--fork", "--kill-child=KILL", "--mount", "--mount-proc"];
  command.push("--propagation", "private", "sh", "-eu", "-c", launchScript, "sh", image, folder, hostName);
  command.push(...drives.flatMap(({ letter, mebibytes }) => [letter.toLowerCase(), String(mebibytes)]));
  const child = spawn("setpriv", command, { stdio: ["ignore", log, log] });
  closeSync(log);
  return {
    leader: () => findLeader(child),
    exited: new Promise((resolve, reject) => {
      child.once("exit", () => resolve());
      child.once("error", reject);
    }),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => void child.kill("SIGKILL"),
    console: () => lastLines(readFileSync(consoleFile, "utf8")),
  };
}

/** unshare → the first process in the namespace, once it has entered its disk. */
function findLeader({ pid }: ChildProcess): number {
  try {
    const leader = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")[0]);
    if (leader > 0 && existsSync(`/proc/${leader}/root${winePrefix}/drive_c`)) return leader;
  } catch {
    // It ended meanwhile.
  }
  throw new Error("The computer is off or has not started yet.");
}
