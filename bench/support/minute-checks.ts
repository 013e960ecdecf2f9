/** The checks that are measured every minute on any computer. The benchmarks keep to them, so that their figures stay comparable when checks are added. */
import protocolChecks from "@hauswart/features/registry/protocol.ts";
import simulatedChecks from "@hauswart/features/registry/simulator.ts";

export const minuteChecks = ["disk-space", "disk-growth", "services", "cpu-load", "memory", "uptime"] as const;

const isMinuteCheck = (id: string) => minuteChecks.some((check) => check === id);

/** How simulated computers answer them. */
export const minuteSimulations = simulatedChecks.filter(({ check }) => isMinuteCheck(check));

/** For a policy: all other checks, switched off. */
export const otherChecksOff = protocolChecks
  .filter(({ id, onByDefault }) => onByDefault && !isMinuteCheck(id))
  .map(({ id }) => ({ check: id, enabled: false }));
