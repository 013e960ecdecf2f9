import type { NoiseReport } from "@hauswart/protocol/api/noise.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { dayMs } from "../history/hours.ts";
import { isoTime } from "../times.ts";

interface CountRow {
  findings: number;
  useful: number;
  noise: number;
  known: number;
}

type RuleRow = CountRow & { check_id: string; policy_id: Id | null; policy_name: string | null };

/** False alarms by rule, customer and week, of the customers that the actor may see. Errors: FORBIDDEN. */
export async function getNoise({ ctx, input }: Verb<Input<"getNoise">>): Promise<Result<"getNoise">> {
  requireScope(ctx, "findings:read");
  const fromMs = ctx.services.clock.now() - input.weeks * 7 * dayMs;
  const asked = [ctx.providerId, isoTime(fromMs)];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [rules, customers, weeks] = await Promise.all([
      tx.sql<RuleRow>(byRule, asked),
      tx.sql<CountRow & { customer_id: Id; name: string }>(byCustomer, asked),
      tx.sql<CountRow & { monday: string }>(byWeek, asked),
    ]);
    const presented = rules.map((row) => presentRule(row, input));
    return {
      weeks: input.weeks,
      rules: presented.sort((one, other) => Number(other.isOverBudget) - Number(one.isOverBudget) || other.findings - one.findings),
      customers: customers.map(({ customer_id, name, ...row }) => ({ customerId: customer_id, customerName: name, ...countsOf(row) })),
      byWeek: weeks.map(({ monday, ...row }) => ({ monday, ...countsOf(row) })),
    };
  });
}

/** What nobody judged says nothing about noise. */
function countsOf({ findings, useful, noise, known }: CountRow) {
  const judged = useful + noise + known;
  return { findings, useful, noise, known, noisePercent: judged === 0 ? null : Math.round((1_000 * noise) / judged) / 10 };
}

function presentRule(row: RuleRow, { weeks, noisePercent, weekly }: Input<"getNoise">): NoiseReport["rules"][number] {
  const counts = countsOf(row);
  const findingsAWeek = Math.round((10 * row.findings) / weeks) / 10;
  return {
    check: row.check_id,
    ...counts,
    findingsAWeek,
    isOverBudget: (counts.noisePercent ?? 0) > noisePercent || findingsAWeek > weekly,
    policyId: row.policy_id,
    policyName: row.policy_name,
  };
}

const counted = `count(*)::int as findings, count(*) filter (where v.verdict = 'useful')::int as useful,
  count(*) filter (where v.verdict = 'noise')::int as noise, count(*) filter (where v.verdict = 'known')::int as known`;
const judged = `hauswart.finding f
  left join hauswart.finding_verdict v on v.provider_id = f.provider_id and v.finding_id = f.finding_id`;
const asked = "f.provider_id = $1 and f.opened_at >= $2::timestamptz";

const byRule = `
  select r.*, p.name as policy_name from (
  select f.check_id, ${counted},
    (select (mode() within group (order by i.sources->'enabled'->>'policyId'))::uuid from hauswart.finding g
      join hauswart.check_instance i on i.provider_id = g.provider_id and i.device_id = g.device_id and i.check_id = g.check_id and i.instance = g.instance
      where g.provider_id = $1 and g.opened_at >= $2::timestamptz and g.check_id = f.check_id) as policy_id
  from ${judged} where ${asked} group by f.check_id) r
  left join hauswart.policy p on p.provider_id = $1 and p.policy_id = r.policy_id`;

const byCustomer = `
  select f.customer_id, c.name, ${counted} from ${judged}
  join hauswart.customer c on c.provider_id = f.provider_id and c.customer_id = f.customer_id
  where ${asked} group by f.customer_id, c.name order by count(*) desc limit 200`;

const byWeek = `
  select to_char(date_trunc('week', f.opened_at at time zone p.time_zone), 'YYYY-MM-DD') as monday, ${counted} from ${judged}
  join hauswart.provider p on p.provider_id = f.provider_id
  where ${asked} group by 1 order by 1`;
