/** For tests: an agent as a process of its own, the made-up one of main.ts or the real one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askStatus } from "@hauswart/agent/control/control-socket.ts";
import type { AgentStatus } from "@hauswart/agent/control/status.ts";
import { DataDirectory } from "@hauswart/agent/state/data-directory.ts";
import { until } from "../until.ts";

const madeUpAgent = fileURLToPath(new URL("main.ts", import.meta.url));
/** The agent that customers run, with all its collectors. */
export const realAgent = fileURLToPath(import.meta.resolve("@hauswart/agent/main.ts"));

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data directory of its own, and the commands on it. */
export class TestAgent {
  readonly data = new DataDirectory(mkdtempSync(join(tmpdir(), "hauswart-agent-")));
  readonly #environment: Record<string, string>;
  readonly #program: string;
  #running: ReturnType<typeof Bun.spawn> | undefined;
  log = "";

  constructor(environment: Record<string, string> = {}, program: string = madeUpAgent) {
    this.#program = program;
    this.#environment = { PATH: process.env["PATH"] ?? "", HAUSWART_AGENT_DATA: this.data.path, ...environment };
  }

  async command(...argumentList: string[]): Promise<CommandResult> {
    const child = Bun.spawn([process.execPath, this.#program, ...argumentList], { env: this.#environment, stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { exitCode, stdout, stderr };
  }

  /** Starts `run`. */
  run(): void {
    const child = Bun.spawn([process.execPath, this.#program, "run"], { env: this.#environment, stdout: "ignore", stderr: "pipe" });
    this.#running = child;
    void (async () => {
      for await (const part of child.stderr) this.log += Buffer.from(part).toString();
    })();
  }

  /** Ends what `run` started. @returns the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#running;
    this.#running = undefined;
    child?.kill(signal);
    await child?.exited;
    return child?.exitCode ?? null;
  }

  /** Waits until what `run` started has ended by itself. @returns the exit code. */
  async ended(): Promise<number | null> {
    const child = this.#running;
    await child?.exited;
    return child?.exitCode ?? null;
  }

  /** Asks the running agent until its status is as wanted. */
  until(wanted: (status: AgentStatus) => boolean): Promise<AgentStatus> {
    let last: AgentStatus | undefined;
    return until(
      () => `the agent to be so: ${wanted.toString()}. It is ${JSON.stringify(last)} and says:\n${this.log}`,
      async () => {
        last = await askStatus(this.data);
        return last && wanted(last) && last;
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.data.path, { recursive: true, force: true });
  }
}
