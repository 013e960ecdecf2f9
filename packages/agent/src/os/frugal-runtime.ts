/**
 * The runtime as a program needs it that works for some milliseconds a minute. On Linux:
 * - without its just-in-time compilers and the machinery behind them, which cost more than all our own code, and no less processor time.
 *   Native calls (bun:ffi) need that machinery, so it is left on where a check makes such calls: then only the compilers are off;
 * - without the timer that looks for garbage every second after each measurement, which cost a fifth of the agent's processor time. The
 *   engine still collects by what is allocated, and holds no more for it (measured, docs/decisions/0011).
 *
 * All of it is switched by environment variables only, so the agent puts itself in its own place once more, as the same process.
 * What takes a native call and lasts is done before that: the line to systemd's watchdog.
 */

const timerOff = { BUN_GC_TIMER_DISABLE: "1" };
const frugalSettings: Readonly<Record<string, string>> = { BUN_JSC_useJIT: "0", ...timerOff };
const frugalWithNativeCalls: Readonly<Record<string, string>> = { BUN_JSC_useBaselineJIT: "0", BUN_JSC_useRegExpJIT: "0", ...timerOff };
/** For the service on Windows, and on macOS: native calls need the compiler there. */
export const nativeCallSettings: Readonly<Record<string, string>> = timerOff;
/** Everything that is set above: services that an older installer made still set some of it. */
const runtimeSettings = ["BUN_JSC_useJIT", "BUN_JSC_useBaselineJIT", "BUN_JSC_useRegExpJIT", "BUN_GC_TIMER_DISABLE"];
/** Says that the runtime is as this version of the agent wants it. Another value when the settings change. */
const [settledMark, settledValue] = ["HAUSWART_AGENT_SETTLED", "1"];
/** Where files of a built executable seem to lie. */
const embedded = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether bun:ffi can be used in this process. */
export const canCallNatively = (): boolean => process.env["BUN_JSC_useJIT"] !== "0";

/** The environment of a process that is to run with these settings and no others of the runtime. */
function settled(environment: Environment, settings: Readonly<Record<string, string>>): Record<string, string> {
  const others = Object.entries(environment).filter(([name, value]) => value !== undefined && !runtimeSettings.includes(name));
  return { ...(Object.fromEntries(others) as Record<string, string>), ...settings, [settledMark]: settledValue };
}

/** What the agent is started anew with when a check of it needs native calls. */
export const environmentForNativeCalls = (environment: Environment): Record<string, string> => settled(environment, frugalWithNativeCalls);

/**
 * Returns when the runtime is as it shall be, when this is no built executable, or on Windows, where a process cannot be
 * replaced (process.execve is there and throws): the service's environment does it. Otherwise the process begins anew, and this does not return.
 * @param prepare does what takes native calls and lasts; what it returns is added to the environment.
 */
export async function continueFrugally(prepare: () => Promise<Readonly<Record<string, string>>>): Promise<void> {
  const environment = process.env;
  if (environment[settledMark] === settledValue || !embedded.test(Bun.main)) return;
  if (process.platform === "win32" || !process.execve) return;
  const replace = (next: Record<string, string>) => process.execve!(process.execPath, [process.execPath, ...process.argv.slice(2)], next);
  if (process.platform !== "linux") {
    const isSet = Object.entries(nativeCallSettings).every(([name, value]) => environment[name] === value);
    return isSet ? undefined : replace(settled(environment, nativeCallSettings));
  }
  if (!canCallNatively()) {
    // The service of an older installer switches off what the preparation needs.
    const { BUN_JSC_useJIT: _, ...others } = environment;
    return replace(others as Record<string, string>);
  }
  replace(settled({ ...environment, ...(await prepare()) }, frugalSettings));
}
