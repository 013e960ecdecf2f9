/** Resolves for many devices: most are reached by the same policies as many others of their nature, and each such set is resolved once. */
import type { CheckRegistry } from "../services.ts";
import type { SettingsProblem } from "./fold-settings.ts";
import type { DeviceNature } from "./policies-of-devices.ts";
import { resolveChecks, type ReachingPolicy, type Resolved } from "./resolve.ts";

export interface Resolve {
  (policies: readonly ReachingPolicy[], nature: DeviceNature): Resolved;
  /** All problems found so far, each once. */
  problems(): SettingsProblem[];
}

export function resolveOnce(checks: CheckRegistry): Resolve {
  const definitions = [...checks.values()].map(({ definition }) => definition);
  const fromServer = definitions.filter((definition) => definition.fromServer);
  const known = new Map<string, Resolved>();
  const resolve = (policies: readonly ReachingPolicy[], nature: DeviceNature) => {
    const reached = policies.map(({ policyId, level, levelId }) => `${policyId} ${level} ${levelId}`).sort();
    const key = [nature.role, nature.kind, ...reached].join("\n");
    const resolved = known.get(key) ?? resolveChecks(nature.kind === "agent" ? definitions : fromServer, policies, nature.role);
    known.set(key, resolved);
    return resolved;
  };
  const problems = () => {
    const all = [...known.values()].flatMap((resolved) => resolved.problems);
    return [...new Map(all.map((problem) => [JSON.stringify(problem), problem])).values()];
  };
  return Object.assign(resolve, { problems });
}
