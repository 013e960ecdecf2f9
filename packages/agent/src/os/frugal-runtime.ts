/**
 * The runtime as a program needs it that works for some milliseconds a minute:
 * - without its just-in-time compilers, which cost more than all our own code, and no less processor time. The machinery behind them
 *   stays on: native calls (bun:ffi) need it, and it alone costs 2 MB resident and 1 MB anonymous;
 * - without the timer that looks for garbage every second after each measurement, which cost a fifth of the agent's processor time. The
 *   engine still collects by what is allocated, and holds no more for it (measured, docs/decisions/0011).
 *
 * Both are switched by environment variables only, so the agent puts itself in its own place once more, as the same process.
 */
const frugalSettings = { BUN_JSC_useBaselineJIT: "0", BUN_JSC_useRegExpJIT: "0", BUN_GC_TIMER_DISABLE: "1" };
/** Set by agents' services of before: native calls do not work with it. */
const outdatedSetting = "BUN_JSC_useJIT";
/** For the service on Windows, and on macOS: native calls (bun:ffi) need the compiler there. */
export const nativeCallSettings: Readonly<Record<string, string>> = { BUN_GC_TIMER_DISABLE: "1" };
/** Where files of a built executable seem to lie. */
const embedded = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/**
 * Returns when the runtime is set already, when this is no built executable, or on Windows, where a process cannot be
 * replaced (process.execve is there and throws): the service's environment does it. Otherwise the process begins anew, and this does not return.
 */
export function continueFrugally(): void {
  const settings = process.platform === "linux" ? frugalSettings : nativeCallSettings;
  const { [outdatedSetting]: outdated, ...environment } = process.env;
  const isSet = outdated === undefined && Object.keys(settings).every((name) => environment[name] !== undefined);
  if (isSet || !embedded.test(Bun.main)) return;
  if (process.platform === "win32" || !process.execve) return;
  process.execve(process.execPath, [process.execPath, ...process.argv.slice(2)], {
    ...settings,
    ...(environment as Record<string, string>),
  });
}
