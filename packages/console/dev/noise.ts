/** The noise budget in the double: what was said of alarms, and the sums. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { AlarmVerdict, FindingVerdict, NoiseReport, VerdictOffer } from "@hauswart/protocol/api/noise.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Handlers } from "./handlers.ts";
import { definitions } from "./judging.ts";
import type { World } from "./world.ts";

const weekMs = 7 * 86_400_000;
const said: readonly (AlarmVerdict | null)[] = ["useful", null, "noise", "useful", "known", null, "useful", "noise", null, "useful"];

/** Links of the double work whatever their token is; `used` tries what somebody else has judged. */
function offer(world: World, verdict: AlarmVerdict | undefined): VerdictOffer {
  const { finding } = world.findings[0]!;
  const readers = "technik@systemhaus.example";
  return {
    language: world.people.persons[0]!.account.language,
    providerName: world.settings.name,
    title: "Dienst läuft nicht: Warenwirtschaft",
    place: [finding.deviceName, finding.customerName, finding.siteName].filter(Boolean).join(", "),
    timeZone: finding.timeZone,
    openedAt: finding.openedAt,
    closedAt: finding.closedAt,
    readers,
    said: verdict ? { verdict, by: readers, at: new Date(world.nowMs()).toISOString() } : null,
  };
}

type Rule = Pick<NoiseReport["rules"][number], "check" | "instance">;

function policyOf({ policies }: World, { check, instance }: Rule): { policyId: string | null; policyName: string | null } {
  const isByDefault = definitions.some(({ id, onByDefault }) => id === check && onByDefault);
  const saying = policies.find(({ checks }) => checks.some((one) => one.check === check && one.instance === instance));
  const policy = saying ?? (isByDefault ? policies[0] : undefined);
  return { policyId: policy?.policyId ?? null, policyName: policy?.name ?? null };
}

const mondayOf = (at: string) => {
  const day = new Date(at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
};

export function noiseHandlers(
  world: World,
): Pick<Handlers, "getFindingVerdict" | "judgeFinding" | "getVerdictOffer" | "judgeByLink" | "getNoise"> {
  const own = new Map<string, AlarmVerdict | null>();
  const saidByLink = new Map<string, AlarmVerdict>();
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
    getVerdictOffer: ({ token }) => offer(world, token === "used" ? "noise" : saidByLink.get(token)),
    judgeByLink({ token, verdict }) {
      if (token === "used" || saidByLink.has(token)) throw new HauswartError("CONFLICT");
      saidByLink.set(token, verdict);
      return offer(world, verdict);
    },
    getNoise({ weeks }): NoiseReport {
      const { noiseBudget: budget } = world.settings;
      const from = new Date(Date.parse(mondayOf(new Date(world.nowMs()).toISOString())) - weeks * weekMs).toISOString().slice(0, 10);
      const elapsedWeeks = (world.nowMs() - Date.parse(from)) / weekMs;
      const findings = world.findings
        .map(({ finding }) => finding)
        .filter(({ openedAt, hold, check }) => openedAt >= from && hold === null && check !== alarmDrillCheckId);
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
      const rules = [...Map.groupBy(findings, ({ check, instance }) => `${check}\n${instance}`).values()].map((some) => {
        const { check, instance } = some[0]!;
        const counts = count(some);
        const aWeek = some.length / elapsedWeeks;
        const isOverBudget = ((counts.noisePercent ?? 0) > budget.noisePercent && aWeek >= budget.leastAWeek) || aWeek > budget.mostAWeek;
        const findingsAWeek = Math.round(10 * aWeek) / 10;
        return { check, instance, ...counts, findingsAWeek, isOverBudget, ...policyOf(world, { check, instance }) };
      });
      return {
        from,
        budget,
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
