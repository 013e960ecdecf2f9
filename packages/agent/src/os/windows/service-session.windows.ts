/**
 * This process as a Windows service, without a wrapper. StartServiceCtrlDispatcher blocks its thread for the service's whole life, so
 * it runs in a worker; what it calls back (ServiceMain, the control handler) runs here, on the main thread.
 */
import { dlopen, JSCallback, ptr } from "bun:ffi";
import type { ServiceSession } from "../system.ts";
import { powerOfControl, reasonOfControl, serviceState, serviceStatus, wide, type ServiceStatus } from "./service-structures.ts";

/** How long the goodbye may take, as told to Windows: more than the agent allows itself. */
const stopHintMs = 15_000;
/** The table is handed over as an address in this process's memory. */
const dispatcherSource = `
import { dlopen } from "bun:ffi";
self.onmessage = ({ data }) => {
  const { symbols } = dlopen("advapi32.dll", { StartServiceCtrlDispatcherW: { args: ["u64"], returns: "i32" } });
  const { symbols: kernel } = dlopen("kernel32.dll", { GetLastError: { args: [], returns: "u32" } });
  postMessage(symbols.StartServiceCtrlDispatcherW(data) ? 0 : kernel.GetLastError() || 1);
};
`;
/** ERROR_FAILED_SERVICE_CONTROLLER_CONNECT: started by hand. */
const notAService = 1063;

/** What the callbacks need for as long as the process lives: the collector of garbage must not take it. */
const kept: unknown[] = [];

/**
 * Answers the service manager that started this process.
 * @returns once the service runs in the manager's eyes
 * @throws when the process was not started by the service manager
 */
export async function joinServiceManager(serviceName: string): Promise<ServiceSession> {
  const { symbols } = dlopen("advapi32.dll", {
    RegisterServiceCtrlHandlerExW: { args: ["ptr", "ptr", "ptr"], returns: "u64" },
    SetServiceStatus: { args: ["u64", "ptr"], returns: "i32" },
  });
  const asked = Promise.withResolvers<"shutdown" | "agent-stop">();
  const joined = Promise.withResolvers<bigint>();
  const left = Promise.withResolvers<number>();
  let handle = 0n;
  let hearPower: ((event: "sleep" | "wake") => void) | undefined;
  const tell = (status: ServiceStatus) => void symbols.SetServiceStatus(handle, serviceStatus(status));

  // Both run on another thread's demand: what they return does not get there, and 0 stands for it, which is NO_ERROR.
  const onControl = new JSCallback(
    (control: number, event: number) => {
      const power = powerOfControl(control, event);
      if (power) setImmediate(() => hearPower?.(power));
      const reason = reasonOfControl(control);
      if (reason === undefined) return 0;
      tell({ state: serviceState.stopPending, checkpoint: 1, waitHintMs: stopHintMs });
      setImmediate(() => asked.resolve(reason)); // the call comes from outside the event loop, which sleeps
      return 0;
    },
    { args: ["u32", "u32", "u64", "u64"], returns: "u32", threadsafe: true },
  );
  const name = wide(serviceName);
  const onStart = new JSCallback(
    () => {
      handle = symbols.RegisterServiceCtrlHandlerExW(name, onControl.ptr, null);
      tell({ state: serviceState.running });
      joined.resolve(handle);
    },
    { args: ["u32", "u64"], returns: "void", threadsafe: true },
  );
  const table = Buffer.alloc(32); // SERVICE_TABLE_ENTRYW and an empty one
  table.writeBigUInt64LE(BigInt(ptr(name)), 0);
  table.writeBigUInt64LE(BigInt(onStart.ptr ?? 0), 8);
  const dispatcher = new Worker(URL.createObjectURL(new Blob([dispatcherSource], { type: "application/javascript" })), { smol: true });
  kept.push(onControl, onStart, name, table, dispatcher);
  dispatcher.onmessage = ({ data }: MessageEvent<number>) => left.resolve(data);
  dispatcher.onerror = ({ message }) => joined.reject(new Error(`The service manager cannot be answered: ${message}`));
  dispatcher.postMessage(BigInt(ptr(table)));

  await Promise.race([joined.promise, left.promise.then(refused)]);
  return {
    asked: asked.promise,
    async watchPower(hear) {
      hearPower = hear;
      return () => (hearPower = undefined);
    },
    async ended(exitCode) {
      tell({ state: serviceState.stopped, exitCode });
      // A process that ends before the dispatcher returns counts as one that died (error 1053).
      await left.promise;
    },
  };
}

function refused(windowsError: number): never {
  throw new Error(
    windowsError === notAService
      ? "This is for the service manager. To run the agent by hand: hauswart-agent run"
      : `The service manager did not take the agent as a service (Windows error ${windowsError}).`,
  );
}
