/** The noise budget in the double: what was said of alarms, and the sums. */
import type { AlarmVerdict, FindingVerdict, NoiseReport } from "@hauswart/protocol/api/noise.ts";
import type { Handlers } from "./handlers.ts";
import type { World } from "./world.ts";

const weekMs = 7 * 86_400_000;
const said: readonly (AlarmVerdict | null)[] = ["useful", null, "noise", "useful", "known", null, "useful", "noise", null, "useful"];

export function noiseHandlers(world: World): Pick<Handlers, "getFindingVerdict" | "judgeFinding" | "getNoise"> {
  const own = new Map<string, AlarmVerdict | null>();
  const verdictOf = (findingId: string): AlarmVerdict | null => {
    const known = own.get(findingId);
    if (known !== undefined) return known;
    const index = world.findings.findIndex(({ finding }) => finding.findingId === findingId);
    return world.findings[index]?.finding.state === "closed" ? said[index % said.length]! : null;
  };
  const present = (findingId: string): FindingVerdict => {
    const verdict = verdictOf(findingId);
    return verdict ? { verdict, by: "Leitstelle", at: new Date(world.nowMs()).toISOString() } : { verdict: null, by: null, at: null };
  };
  return {
    getFindingVerdict: ({ findingId }) => present(findingId),
    judgeFinding({ findingId, verdict }) {
      own.set(findingId, verdict);
      return present(findingId);
    },
    getNoise({ weeks, noisePercent, weekly }): NoiseReport {
      const findings = world.findings
        .map(({ finding }) => finding)
        .filter(({ openedAt }) => Date.parse(openedAt) > world.nowMs() - weeks * weekMs);
      const count = (some: typeof findings) => {
        const of = (wanted: AlarmVerdict) => some.filter(({ findingId }) => verdictOf(findingId) === wanted).length;
        const [useful, noise, known] = [of("useful"), of("noise"), of("known")];
        const judged = useful + noise + known;
        return {
          findings: some.length,
          useful,
          noise,
          known,
          noisePercent: judged === 0 ? null : Math.round((1_000 * noise) / judged) / 10,
        };
      };
      const policy = world.policies[0];
      const rules = [...Map.groupBy(findings, ({ check }) => check)].map(([check, some]) => {
        const counts = count(some);
        const findingsAWeek = Math.round((10 * some.length) / weeks) / 10;
        const isOverBudget = (counts.noisePercent ?? 0) > noisePercent || findingsAWeek > weekly;
        return { check, ...counts, findingsAWeek, isOverBudget, policyId: policy?.policyId ?? null, policyName: policy?.name ?? null };
      });
      const mondayOf = (at: string) => {
        const day = new Date(at);
        day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
        return day.toISOString().slice(0, 10);
      };
      return {
        weeks,
        rules: rules.sort((one, other) => Number(other.isOverBudget) - Number(one.isOverBudget) || other.findings - one.findings),
        customers: [...Map.groupBy(findings, ({ customerId }) => customerId)]
          .flatMap(([customerId, some]) => (customerId ? [{ customerId, customerName: some[0]!.customerName, ...count(some) }] : []))
          .sort((one, other) => other.findings - one.findings),
        byWeek: [...Map.groupBy(findings, ({ openedAt }) => mondayOf(openedAt))]
          .map(([monday, some]) => ({ monday, ...count(some) }))
          .sort((one, other) => (one.monday < other.monday ? -1 : 1)),
      };
    },
  };
}
