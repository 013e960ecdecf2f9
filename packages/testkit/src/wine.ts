/**
 * A Windows computer per test, as far as Wine 10 is one: own drive C, registry and services, this computer's network. Starts in a few
 * seconds once the image is there; several run side by side. Needs root.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CommandResult, lastLines, runCommand } from "./command.ts";
import { makeRemains, type Remains, removeRemains, sweepRemains } from "./nspawn-remains.ts";
import { type Container, TestBed } from "./test-bed.ts";
import { wineEnvironment, wineImage, winePrefix } from "./wine-image.ts";
import { patienceMs, until } from "./until.ts";
import { startWineContainer, type WindowsDrive } from "./wine-process.ts";

export type { WindowsDrive } from "./wine-process.ts";

export interface WindowsOptions {
  /** Name that the computer believes in, at most 15 letters; `PC-` and some letters when not given. */
  readonly hostName?: string;
  readonly drives?: readonly WindowsDrive[];
}

export interface WindowsRunOptions {
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that was started and runs on. */
export interface WindowsProgram {
  /** What it wrote so far to standard output and standard error. */
  output(): string;
  /** Ends it at once, as the task manager does. */
  kill(): Promise<void>;
  /** Resolves with the exit code when it has ended. Of an exit code, Wine tells the lowest eight bits. */
  readonly exited: Promise<number | undefined>;
}

/** Of Debian's wrapper, when there is no 32-bit Wine. */
const wrapperWords = /^(it looks like (wine32|multiarch).*|multiarch needs.*|execute "dpkg.*|apt-get install.*)$/gm;

/** Starts a computer and waits until its services have been started. `await using` switches it off and removes it. */
export async function startWindows(options: WindowsOptions = {}): Promise<WindowsComputer> {
  const image = await wineImage();
  await sweepRemains();
  const id = randomUUID();
  const remains = await makeRemains(id);
  try {
    const computer = new WindowsComputer(remains, image, options);
    await computer.powerOn();
    return computer;
  } catch (error) {
    await removeRemains(id);
    throw error;
  }
}

export class WindowsComputer extends TestBed {
  readonly #image: string;
  readonly #drives: readonly WindowsDrive[];
  #runs = 0;

  constructor(remains: Remains, image: string, { hostName, drives = [] }: WindowsOptions) {
    super(hostName ?? `PC-${remains.id.slice(0, 8).toUpperCase()}`, remains);
    this.#image = image;
    this.#drives = drives;
  }

  /** Where its disk lies on this computer. */
  get folder(): string {
    return this.remains.folder;
  }

  /**
   * Runs a program to its end: `["C:\\agent.exe", "status"]`, or one of the system's (`["reg", "query", …]`). Output goes to regular
   * files, because Bun and Node.js end when it is a pipe here. An exit code other than 0 is an answer. Throws when the time is up.
   */
  async run(command: readonly string[], options: WindowsRunOptions = {}): Promise<CommandResult> {
    const output = this.#outputFile();
    const { exitCode } = await runCommand("nsenter", this.#enter(command, output, options), { timeoutMs: options.timeoutMs ?? 60_000 });
    const read = (part: string) => readFileSync(`${this.#root()}${output}.${part}`, "utf8").replaceAll("\r\n", "\n");
    return { exitCode, stdout: read("out"), stderr: read("err").replaceAll(wrapperWords, "").trimStart() };
  }

  /** As `run`, but an exit code other than 0 throws with what the program said. @returns its standard output. */
  async mustRun(command: readonly string[], options: WindowsRunOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(command, options);
    if (exitCode !== 0)
      throw new Error(`${this.hostName}: ${command.join(" ")} ended with ${exitCode ?? "a signal"}: ${lastLines(stderr || stdout)}`);
    return stdout;
  }

  /** Stops a service and waits until it has ended, as `net stop` does on Windows; Wine's returns while the service still ends. */
  async stopService(name: string): Promise<void> {
    await this.mustRun(["net", "stop", name]);
    let standing = "";
    await until(
      () => `the end of the service ${name}: ${standing}`,
      async () => {
        standing = await this.mustRun(["sc", "query", name]);
        return standing.includes("STOPPED");
      },
    );
  }

  /** Starts a program that runs on. */
  start(command: readonly string[], options: WindowsRunOptions = {}): WindowsProgram {
    const output = this.#outputFile();
    const root = this.#root();
    const child = Bun.spawn(["nsenter", ...this.#enter(command, output, options)], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    const read = (part: string) => (existsSync(`${root}${output}.${part}`) ? readFileSync(`${root}${output}.${part}`, "utf8") : "");
    return {
      output: () => `${read("out")}${read("err").replaceAll(wrapperWords, "").trimStart()}`,
      kill: async () => {
        const pid = await until("the program to begin", () => read("pid").trim() || undefined);
        await this.#inside(["sh", "-c", 'kill -KILL "$0"', pid]);
        await child.exited;
      },
      exited: child.exited.then((code) => code ?? undefined),
    };
  }

  /** Where this computer's kernel sees a file: `C:\Windows\win.ini`. Names are found whatever their case. Holds until the power goes. */
  fileOf(path: string): string {
    const [drive = "", ...names] = path.split(/[\\/]+/).filter(Boolean);
    let found = drive.toLowerCase() === "c:" ? `${this.#root()}${winePrefix}/drive_c` : `${this.#root()}/drives/${drive[0]!.toLowerCase()}`;
    for (const name of names) {
      const there = existsSync(found) && !existsSync(join(found, name)) ? readdirSync(found) : [];
      found = join(found, there.find((entry) => entry.toLowerCase() === name.toLowerCase()) ?? name);
    }
    return found;
  }

  exists(path: string): boolean {
    return existsSync(this.fileOf(path));
  }

  readFile(path: string): string {
    return readFileSync(this.fileOf(path), "utf8");
  }

  /** Writes a file, with its folders. */
  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    const file = this.fileOf(path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Copies a file of this computer there. In the place of a program it goes at one stroke: one that still runs keeps its own bytes. */
  async installFile(source: string, target: string): Promise<void> {
    const file = this.fileOf(target);
    await mkdir(dirname(file), { recursive: true });
    await copyFile(source, `${file}.partial`);
    await rename(`${file}.partial`, file);
  }

  /** A shutdown: programs with windows are told, the registry is written, then the power goes. */
  async powerOff(): Promise<void> {
    await this.#inside(["timeout", "--kill-after=2", "20", "wineboot", "--end-session", "--shutdown"]);
    // A program that was just being started may start the server once more.
    await this.#inside(["sh", "-c", "for attempt in 1 2 3; do wineserver --kill; timeout 8 wineserver --wait && break; done"]);
    await this.cutPower();
  }

  protected launch(): Container {
    return startWineContainer({ hostName: this.hostName, image: this.#image, folder: this.folder, drives: this.#drives });
  }

  #root(): string {
    return `/proc/${this.running().leader()}/root`;
  }

  #outputFile(): string {
    return `/run/hauswart-${++this.#runs}`;
  }

  /** The arguments of nsenter for a program of Windows. */
  #enter(command: readonly string[], output: string, { environment = {} }: WindowsRunOptions): string[] {
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const script = 'echo $$ > "$0.pid"; cd "$1"; shift; exec wine "$@" </dev/null >"$0.out" 2>"$0.err"';
    return [...this.#enterPlain(variables), "sh", "-c", script, output, `${winePrefix}/drive_c`, ...command];
  }

  #enterPlain(variables: readonly string[] = []): string[] {
    const leader = String(this.running().leader());
    return ["--target", leader, "--mount", "--uts", "--ipc", "--pid", "--root", "--wd", "env", "-i", ...wineEnvironment, ...variables];
  }

  /** Runs a program of Linux inside. Its words go nowhere: what it leaves running would hold a pipe open. */
  #inside(command: readonly string[]): Promise<CommandResult> {
    return runCommand("nsenter", [...this.#enterPlain(), "sh", "-c", 'exec "$@" >/dev/null 2>&1', "sh", ...command]);
  }

  /** Services that start with the system are started then. */
  protected async started(container: Container): Promise<void> {
    await until(
      () => `${this.hostName} to start: ${container.console()}`,
      () => {
        if (!container.isRunning()) throw new Error(`${this.hostName} ended while it started: ${container.console()}`);
        try {
          return container.leader();
        } catch {
          return undefined;
        }
      },
    );
    // Wine starts services before it runs a program.
    await this.mustRun(["cmd", "/c", "exit", "0"], { timeoutMs: patienceMs });
  }
}
