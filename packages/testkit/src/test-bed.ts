/**
 * What every test computer shares, whatever runs in it: all that it needs of the kernel (mounts, processes) hangs on one process
 * tree in namespaces of its own, tied to the test process. However the test ends, the kernel takes the computer down with it.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines } from "./command.ts";
import { removeRemains, type Remains } from "./nspawn-remains.ts";

export interface Container {
  /** Process id of the first process inside, as this computer sees it. Throws while there is none. */
  leader(): number;
  /** Resolves when all of it has ended: the computer is off. */
  readonly exited: Promise<void>;
  readonly isRunning: () => boolean;
  /** Cuts the power: `exited` resolves when everything inside has ended. */
  kill(): void;
  /** The last that it said, for an error message. */
  console(): string;
}

/**
 * Starts a process tree that ends with this process. What it says is kept in the computer's folder.
 * @param leaderOf finds the first process inside, from the tree's outermost process id.
 */
export function startContainer(folder: string, command: readonly string[], leaderOf: (pid: number | undefined) => number): Container {
  const consoleFile = join(folder, "console.log");
  const log = openSync(consoleFile, "a");
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { stdio: ["ignore", log, log] });
  closeSync(log);
  return {
    leader: () => leaderOf(child.pid),
    exited: new Promise((resolve, reject) => {
      child.once("exit", () => resolve());
      child.once("error", reject);
    }),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    // The first process inside ends after all others in there, and only then does the outermost.
    kill: () => {
      const inside = childrenOf(child.pid);
      if (inside.length === 0) child.kill("SIGKILL");
      for (const pid of inside) endAtOnce(pid);
    },
    console: () => lastLines(readFileSync(consoleFile, "utf8")),
  };
}

/** Process ids; none when the process has ended in the meantime. */
export function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A computer's switch: on, off, and what is left of it when it is no longer needed. */
export abstract class TestBed {
  readonly hostName: string;
  protected readonly remains: Remains;
  /** Undefined while the computer is off and was switched off on purpose. */
  protected container: Container | undefined;

  constructor(hostName: string, remains: Remains) {
    this.hostName = hostName;
    this.remains = remains;
  }

  /** Starts the process tree. */
  protected abstract launch(): Container;
  /** Waits until the computer can be worked with. Throws when it does not come up. */
  protected abstract started(container: Container): Promise<void>;

  /** Switches the computer on, with its disk as it was left. Throws with its console's last lines when it does not come up. */
  async powerOn(): Promise<void> {
    if (this.container?.isRunning()) throw new Error(`${this.hostName} is already on.`);
    this.container = this.launch();
    try {
      await this.started(this.container);
    } catch (error) {
      await this.cutPower();
      throw error;
    }
  }

  /** Everything inside ends at once, and has ended when this resolves. What was written to files stays, as this computer's kernel keeps it. */
  async cutPower(): Promise<void> {
    this.container?.kill();
    await this.container?.exited;
    this.container = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cutPower();
    await removeRemains(this.remains.id);
  }

  protected running(): Container {
    if (!this.container?.isRunning()) throw new Error(`${this.hostName} is off.`);
    return this.container;
  }
}
