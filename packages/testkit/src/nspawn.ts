/**
 * A real Linux computer per test: its own systemd, journal, services, disk and, when wanted, network, in a systemd-nspawn
 * container. Boots in about two seconds once the image is there; several run side by side. Needs root.
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type CommandOptions, type CommandResult, lastLines, runCommand } from "./command.ts";
import { baseImage } from "./nspawn-image.ts";
import { type Bind, startMachine } from "./nspawn-process.ts";
import {
  makeOwnNetwork,
  makeRemains,
  type OwnNetwork,
  type Remains,
  removeRemains,
  type SiteNetwork,
  sweepRemains,
} from "./nspawn-remains.ts";
import { type Container, TestBed } from "./test-bed.ts";
import { patienceMs, until } from "./until.ts";

export type { Bind } from "./nspawn-process.ts";
export { makeSiteNetwork, makeSitePlace } from "./nspawn-remains.ts";
export type { OwnNetwork, SiteNetwork } from "./nspawn-remains.ts";

export interface MachineOptions {
  /** Host name that the machine believes in; `pc-` and some letters when not given. */
  readonly hostName?: string;
  /** `shared` (default): the machine reaches servers on 127.0.0.1. `own`: a cable between the two, which can be pulled. Or a network with other machines. */
  readonly network?: "shared" | "own" | SiteNetwork;
  readonly binds?: readonly Bind[];
  /** Debian's packages that the machine comes with besides the usual ones; what they recommend is not among them. */
  readonly packages?: readonly string[];
}

const environment = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"];

/** Boots a machine and waits until its systemd has settled. `await using` powers it down and removes it. */
export async function bootMachine(options: MachineOptions = {}): Promise<Machine> {
  const image = await baseImage(options.packages);
  await sweepRemains();
  const id = randomUUID();
  const remains = await makeRemains(id);
  try {
    const wanted = options.network ?? "shared";
    const network = wanted === "shared" ? undefined : await makeOwnNetwork(id, wanted === "own" ? undefined : wanted);
    const machine = new Machine(remains, image, network, options);
    await machine.powerOn();
    return machine;
  } catch (error) {
    await removeRemains(id);
    throw error;
  }
}

export class Machine extends TestBed {
  /** The network of its own; undefined when it shares this computer's. */
  readonly network: OwnNetwork | undefined;
  readonly #image: string;
  readonly #binds: readonly Bind[];

  constructor(remains: Remains, image: string, network: OwnNetwork | undefined, options: MachineOptions) {
    super(options.hostName ?? `pc-${remains.id.slice(0, 8)}`, remains);
    this.network = network;
    this.#image = image;
    this.#binds = options.binds ?? [];
  }

  /** The machine's root folder as this computer sees it, while the machine is on. Sockets in it can be connected to. */
  get root(): string {
    return `/proc/${this.running().leader()}/root`;
  }

  /** Runs a program inside, as root, with a clean environment. Throws when the machine is off or the time is up. */
  async run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const leader = String(this.running().leader());
    const variables = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`);
    const { environment: _, ...rest } = options;
    return runCommand("nsenter", ["--target", leader, "--all", "--root", "--wd", ...environment, ...variables, ...command], rest);
  }

  /** As `run`, but an exit code other than 0 throws with what the program said. @returns its standard output. */
  async mustRun(command: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(command, options);
    if (exitCode !== 0)
      throw new Error(`${this.hostName}: ${command.join(" ")} ended with ${exitCode ?? "a signal"}: ${lastLines(stderr || stdout)}`);
    return stdout;
  }

  /** Writes a file inside, with its folders. @param mode octal, as chmod takes it. */
  async writeFile(path: string, content: string | Uint8Array, mode = "0644"): Promise<void> {
    await this.mustRun(["sh", "-euc", 'mkdir -p "$(dirname "$1")"; cat > "$1"; chmod "$2" "$1"', "sh", path, mode], { input: content });
  }

  /** Copies a file of this computer into the machine, executable unless told otherwise. */
  async installFile(source: string, target: string, mode = "0755"): Promise<void> {
    await this.writeFile(target, await readFile(source), mode);
  }

  async readFile(path: string): Promise<string> {
    return this.mustRun(["cat", path]);
  }

  /** Writes a unit, enables and starts it. @param text the unit file's content. */
  async startService(name: string, text: string): Promise<void> {
    await this.writeFile(`/etc/systemd/system/${name}.service`, text);
    await this.mustRun(["systemctl", "daemon-reload"]);
    await this.mustRun(["systemctl", "enable", "--now", `${name}.service`]);
  }

  /** An orderly shutdown. */
  async powerOff(): Promise<void> {
    const container = this.running();
    await this.run(["systemctl", "poweroff"]);
    await this.#within(container.exited, "did not shut down");
  }

  /** An orderly restart; resolves when the machine has settled again. */
  async reboot(): Promise<void> {
    const before = this.running().leader();
    await this.run(["systemctl", "reboot"]);
    await this.#settled(before);
  }

  protected launch(): Container {
    return startMachine({
      id: this.remains.id,
      hostName: this.hostName,
      image: this.#image,
      folder: this.remains.folder,
      network: this.network?.name,
      controlGroups: this.remains.controlGroups,
      binds: this.#binds,
    });
  }

  protected started(): Promise<void> {
    return this.#settled(undefined);
  }

  /** Waits until systemd says that the start is over. @param before leader of the boot that is to end first. */
  async #settled(before: number | undefined): Promise<void> {
    let answer = "";
    await until(
      () => `${this.hostName} to start ("${answer}"): ${this.container?.console()}`,
      async () => {
        if (!this.container?.isRunning()) throw new Error(`${this.hostName} ended while it started: ${this.container?.console()}`);
        answer = await this.#askState(before);
        return ["running", "degraded"].includes(answer);
      },
    );
  }

  async #askState(before: number | undefined): Promise<string> {
    let leader: number;
    try {
      leader = this.running().leader();
    } catch {
      return "no leader yet";
    }
    if (leader === before) return "not restarted yet";
    const { stdout } = await this.run(["systemctl", "is-system-running", "--wait"], { timeoutMs: patienceMs });
    return stdout.trim();
  }

  async #within(done: Promise<void>, complaint: string): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.hostName} ${complaint} within ${patienceMs} ms: ${this.container?.console()}`)),
        patienceMs,
      );
    });
    await Promise.race([done, late]).finally(() => clearTimeout(timer));
  }
}
