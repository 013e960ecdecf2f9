import type { Os } from "@hauswart/agent/os/os.ts";
import { sharedReading } from "@hauswart/agent/readers/repeat.ts";
import type { MemoryReader, MemoryState, ProcessMemory } from "./memory-state.ts";

/** Windows counts as available what is free and what it holds in case that it is asked for again. */
async function state(os: Os): Promise<MemoryState> {
  const { pageFileBytes, pageFileUsedBytes, ...memory } = await (await os.windows()).memory();
  return { atMs: performance.now(), ...memory, swapTotalBytes: pageFileBytes, swapUsedBytes: pageFileUsedBytes };
}

/** Of its own memory a process holds no more than what lies in main memory. A process that does not tell the former shares some. */
async function processes(os: Os): Promise<ProcessMemory[]> {
  const list = await (await os.windows()).processes();
  return list.map(({ name, privateBytes, workingSetBytes }) => ({
    name,
    amount: privateBytes > 0 ? Math.min(privateBytes, workingSetBytes) : workingSetBytes,
  }));
}

export const reader: MemoryReader = {
  state: sharedReading(state),
  // Windows promises no more than main memory and page files can hold.
  isCommitEnforced: async () => true,
  pressureMicroseconds: async () => undefined,
  processes,
};
