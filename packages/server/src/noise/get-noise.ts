import type { NoiseBudget } from "@hauswart/protocol/api/noise-budget.ts";
import type { NoiseReport } from "@hauswart/protocol/api/noise.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isNoDrill } from "../findings/no-drill.ts";
import { dayMs } from "../history/hours.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime } from "../times.ts";

interface CountRow {
  findings: number;
  useful: number;
  noise: number;
  known: number;
}

type RuleRow = CountRow & { check_id: string; instance: string; policy_id: Id | null; policy_name: string | null };

/** False alarms by rule, customer and week, of the customers that the actor may see. Errors: FORBIDDEN. */
export async function getNoise({ ctx, input }: Verb<Input<"getNoise">>): Promise<Result<"getNoise">> {
  requireScope(ctx, "findings:read");
  const nowMs = ctx.services.clock.now();
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [{ noiseBudget: budget }, { from, fromMs }] = [await readProviderSettings(tx, ctx), await beginOf(tx, ctx, input.weeks)];
    const asked = [ctx.providerId, isoTime(fromMs)];
    const [rules, customers, weeks] = await Promise.all([
      tx.sql<RuleRow>(byRule, [...asked, runByDefault(ctx)]),
      tx.sql<CountRow & { customer_id: Id; name: string }>(byCustomer, asked),
      tx.sql<CountRow & { monday: string }>(byWeek, asked),
    ]);
    const presented = rules.map((row) => presentRule(row, budget, (nowMs - fromMs) / (7 * dayMs)));
    return {
      from,
      budget,
      rules: presented.sort((one, other) => Number(other.isOverBudget) - Number(one.isOverBudget) || other.findings - one.findings),
      customers: customers.map(({ customer_id, name, ...row }) => ({ customerId: customer_id, customerName: name, ...countsOf(row) })),
      byWeek: weeks.map(({ monday, ...row }) => ({ monday, ...countsOf(row) })),
    };
  });
}

/** The Monday that many weeks ago where the provider is: whole weeks can be compared with each other. */
async function beginOf(tx: Tx, { providerId, services }: Context, weeks: number): Promise<{ from: string; fromMs: number }> {
  const [row] = await tx.sql<{ monday: Date; day: string }>(
    `select monday at time zone time_zone as monday, to_char(monday, 'YYYY-MM-DD') as day from (select time_zone, date_trunc('week', $2::timestamptz at time zone time_zone) - make_interval(weeks => $3) as monday
     from hauswart.provider where provider_id = $1) begin`,
    [providerId, isoTime(services.clock.now()), weeks],
  );
  return { from: row!.day, fromMs: row!.monday.getTime() };
}

/** What nobody judged says nothing about noise. */
function countsOf({ findings, useful, noise, known }: CountRow) {
  const judged = useful + noise + known;
  return { findings, useful, noise, known, noisePercent: judged === 0 ? null : Math.round((1_000 * noise) / judged) / 10 };
}

const runByDefault = ({ services }: Context): string[] =>
  [...services.checks.values()].flatMap(({ definition: { id, onByDefault } }) => (onByDefault ? [id] : []));

function presentRule(row: RuleRow, { noisePercent, leastAWeek, mostAWeek }: NoiseBudget, weeks: number): NoiseReport["rules"][number] {
  const counts = countsOf(row);
  const aWeek = row.findings / weeks;
  return {
    check: row.check_id,
    instance: row.instance,
    ...counts,
    findingsAWeek: Math.round(10 * aWeek) / 10,
    isOverBudget: ((counts.noisePercent ?? 0) > noisePercent && aWeek >= leastAWeek) || aWeek > mostAWeek,
    policyId: row.policy_id,
    policyName: row.policy_name,
  };
}

const counted = `count(*)::int as findings, count(*) filter (where v.verdict = 'useful')::int as useful,
  count(*) filter (where v.verdict = 'noise')::int as noise, count(*) filter (where v.verdict = 'known')::int as known`;
const judged = `hauswart.finding f
  left join hauswart.finding_verdict v on v.provider_id = f.provider_id and v.finding_id = f.finding_id`;
/** What nobody was told of cannot have been noise, and a drill is meant to be told. */
const isTold = (row: string) =>
  `${row}.provider_id = $1 and ${row}.opened_at >= $2::timestamptz and ${row}.noticed_at is not null and ${isNoDrill(row)}`;
const asked = isTold("f");

/**
 * A rule is a check as one policy has switched it on, each of its instances by itself. $3: checks that run without a policy; what is to
 * change about them goes into the one for all devices.
 */
const byRule = `
  select r.check_id, r.instance, r.findings, r.useful, r.noise, r.known, p.policy_id, p.name as policy_name from (
    select f.check_id, f.instance, ${counted},
      coalesce((i.sources->'enabled'->>'policyId')::uuid, case when f.check_id = any($3::text[]) then house.policy_id end) as rule_policy_id
    from ${judged}
    left join hauswart.check_instance i
      on i.provider_id = f.provider_id and i.device_id = f.device_id and i.check_id = f.check_id and i.instance = f.instance
    left join (select policy_id from hauswart.policy_assignment where provider_id = $1 and scope = 'provider' order by policy_id limit 1) house on true
    where ${asked} group by f.check_id, f.instance, rule_policy_id) r
  left join hauswart.policy p on p.provider_id = $1 and p.policy_id = r.rule_policy_id`;

const byCustomer = `
  select f.customer_id, c.name, ${counted} from ${judged}
  join hauswart.customer c on c.provider_id = f.provider_id and c.customer_id = f.customer_id
  where ${asked} group by f.customer_id, c.name order by count(*) desc limit 200`;

const byWeek = `
  select to_char(date_trunc('week', f.opened_at at time zone p.time_zone), 'YYYY-MM-DD') as monday, ${counted} from ${judged}
  join hauswart.provider p on p.provider_id = f.provider_id
  where ${asked} group by 1 order by 1`;
