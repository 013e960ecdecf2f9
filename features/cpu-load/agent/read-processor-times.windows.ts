import type { Os } from "@hauswart/agent/os/os.ts";
import { sharedReading } from "@hauswart/agent/readers/repeat.ts";
import type { ProcessorReader, ProcessorTimes, ProcessTime } from "./processor-times.ts";

async function times(os: Os): Promise<ProcessorTimes> {
  const { processorCount, idleSeconds, kernelSeconds, userSeconds } = await (await os.windows()).processorTimes();
  return {
    atMs: performance.now(),
    total: idleSeconds + kernelSeconds + userSeconds,
    idle: idleSeconds,
    // Windows keeps neither.
    inputOutputWait: 0,
    stolen: 0,
    processorCount,
  };
}

async function processes(os: Os): Promise<ProcessTime[]> {
  const list = await (await os.windows()).processes();
  return list.map(({ processId, startedAtMs, name, cpuSeconds }) => ({ key: `${processId} ${startedAtMs ?? ""}`, name, used: cpuSeconds }));
}

export const reader: ProcessorReader = { times: sharedReading(times), pressureMicroseconds: async () => undefined, processes };
