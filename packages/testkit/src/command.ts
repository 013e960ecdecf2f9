/** Runs programs of the test machine. Kept apart from the agent's own door to the system, which tests must not lean on. */
import { spawn } from "node:child_process";

export interface CommandResult {
  /** undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** After this the program is killed and the call throws. */
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Written to the program's standard input, which is closed afterwards. */
  readonly input?: string | Uint8Array;
}

/** Runs a program to its end, without a shell. An exit code other than 0 is an answer, not an error. Throws when it cannot start or exceeds its time. */
export function runCommand(program: string, argumentList: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  return new Promise((resolve, reject) => {
    const child = spawn(program, argumentList, {
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.environment ? { env: { ...options.environment } } : {}),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A program that ends without reading its input is no error of ours; its exit code tells.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      const result = {
        exitCode: exitCode ?? undefined,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      };
      if (timedOut) reject(new Error(`${program} did not end within ${timeoutMs} ms. ${lastLines(result.stderr || result.stdout)}`));
      else resolve(result);
    });
  });
}

/** As runCommand, but an exit code other than 0 throws with what the program said. @returns its standard output. */
export async function mustRun(program: string, argumentList: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(program, argumentList, options);
  if (result.exitCode !== 0) {
    throw new Error(
      `${program} ${argumentList.join(" ")} ended with ${result.exitCode ?? "a signal"}: ${lastLines(result.stderr || result.stdout)}`,
    );
  }
  return result.stdout;
}

/** The last lines of a long output, for an error message. */
export function lastLines(text: string, count = 15): string {
  return text.trim().split("\n").slice(-count).join("\n");
}
