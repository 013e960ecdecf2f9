/** Runs the programs that make installers, and says which of them are missing. */

/** An installer that cannot be made here: named, and no failure of the others. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
}

/** @throws MissingProgramError with what would bring the program */
export function requireProgram(program: string, debianPackage: string): void {
  if (Bun.which(program) === null) throw new MissingProgramError(`needs ${program} (Debian: apt-get install ${debianPackage})`);
}

/** @throws with the program's last words */
export async function mustRun(
  command: readonly string[],
  options: { cwd?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const child = Bun.spawn([...command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (exitCode !== 0) throw new Error(`${command[0]} failed: ${(stderr.trim() || stdout.trim()).slice(-800)}`);
  return stdout;
}
