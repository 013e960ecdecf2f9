/** What other policies say about the same setting: where a value may come from that is not set here. */
import type { Policy, PolicyCheck } from "@hauswart/protocol/api/policies.ts";

export interface OtherValue {
  readonly policyId: string;
  readonly policyName: string;
  readonly value: unknown;
}

/** The other policies that set this of a check instance. @param name of a setting, or of what every check has. */
export type OthersOf = (check: PolicyCheck, name: string) => readonly OtherValue[];

const commonNames: ReadonlySet<string> = new Set([
  "everySeconds",
  "failuresBeforeFinding",
  "badForMinutes",
  "goodSamples",
  "goodForMinutes",
  "recoverAt",
  "flapping",
]);

/** Pure. */
export function othersOf(policies: readonly Policy[], ownId: string, check: PolicyCheck, name: string): OtherValue[] {
  return policies
    .filter(({ policyId, assignments }) => policyId !== ownId && assignments.length > 0)
    .flatMap(({ policyId, name: policyName, checks }) => {
      const said = checks.find((one) => one.check === check.check && one.instance === check.instance);
      const value = commonNames.has(name) ? said?.[name as "everySeconds"] : said?.settings[name];
      return value === undefined ? [] : [{ policyId, policyName, value }];
    });
}
