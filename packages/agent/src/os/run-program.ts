/** Runs programs for every system: no shell, fixed language, limits of time and output. */
import { OsError, type ProgramResult } from "./os.ts";

const defaultTimeoutMs = 20_000;
const defaultLimitBytes = 1024 * 1024;

/**
 * @param environment what the program sees besides nothing; the agent's own environment may hold proxy passwords.
 * @throws OsError
 */
export async function runProgram(
  program: string,
  argumentList: readonly string[],
  environment: Readonly<Record<string, string>>,
  options: { timeoutMs?: number; limitBytes?: number } = {},
): Promise<ProgramResult> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const limitBytes = options.limitBytes ?? defaultLimitBytes;
  const child = start(program, argumentList, environment);
  let failure: OsError | undefined;
  const stop = (error: OsError) => {
    failure ??= error;
    child.kill("SIGKILL");
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      stop(
        new OsError(
          "COLLECT_TIMED_OUT",
          `${program} took longer than ${timeoutMs / 1_000} s`,
          `program-too-slow: ${program}, ${timeoutMs / 1_000} s`,
        ),
      );
      reject(failure!);
    }, timeoutMs);
  });
  const tooLarge = () =>
    stop(new OsError("COLLECT_OUTPUT_TOO_LARGE", `${program} wrote more than ${limitBytes} bytes`, `program-wrote-too-much: ${program}`));
  try {
    // A grandchild may hold the pipes open after the program is gone, so the time limit ends the reading as well.
    const [stdout, stderr, exitCode] = await Promise.race([
      Promise.all([readLimited(child.stdout, limitBytes, tooLarge), readLimited(child.stderr, limitBytes, tooLarge), child.exited]),
      timedOut,
    ]);
    if (failure) throw failure;
    return { exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
    timedOut.catch(() => {});
  }
}

function start(program: string, argumentList: readonly string[], environment: Readonly<Record<string, string>>) {
  try {
    return Bun.spawn([program, ...argumentList], { env: { ...environment }, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  } catch (error) {
    throw programError(program, error);
  }
}

function programError(program: string, error: unknown): OsError {
  const code = (error as { code?: string }).code;
  if (code === "ENOENT") return new OsError("COLLECT_UNSUPPORTED", `there is no program ${program}`, `program-missing: ${program}`);
  if (code === "EACCES" || code === "EPERM")
    return new OsError("COLLECT_PERMISSION_DENIED", `${program} may not be run`, `program-denied: ${program}`);
  return new OsError("COLLECT_UNREADABLE", `${program} could not be started: ${error instanceof Error ? error.message : String(error)}`);
}

async function readLimited(stream: ReadableStream<Uint8Array>, limitBytes: number, tooLarge: () => void): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes > limitBytes) {
      tooLarge();
      break;
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
