/**
 * The runtime's just-in-time compiler is of no use to a program that works for some milliseconds a minute, and it costs more
 * than all our own code: 46 MB resident and 8 MB anonymous with it, 38 MB and 5 MB without, and no less processor time (measured).
 * It is switched by an environment variable only, so the agent puts itself in its own place once more, as the same process.
 */
const variable = "BUN_JSC_useJIT";
/** Where files of a built executable seem to lie. */
const embedded = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/**
 * Returns when the compiler is off already, when this is no built executable, or where a process cannot be replaced (Windows:
 * the service's environment switches it off). Otherwise the process begins anew, and this does not return.
 */
export function continueWithoutJit(): void {
  if (process.env[variable] !== undefined || !embedded.test(Bun.main) || !process.execve) return;
  process.execve(process.execPath, [process.execPath, ...process.argv.slice(2)], { ...process.env, [variable]: "0" });
}
