/** What a difference does to the check instances that devices really have: what starts, ends, changes. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { judgedState, type BadSubject, type JudgedState } from "../../evaluate/judged-state.ts";
import { isConnected } from "../../presence/is-connected.ts";
import { presenceColumns, presenceJoin, type PresenceRow } from "../../presence/presence-of.ts";
import { compareChecks, pickCheckRow, reasonsNotToRun, type AgentChecks, type CheckRow } from "../device-checks.ts";
import type { Source } from "../source.ts";
import { instanceKey, type Difference } from "./draft-effect.ts";

export interface DeviceOfPreview {
  readonly deviceId: Id;
  readonly name: string;
  readonly customerId: Id;
  readonly customerName: string;
  readonly siteId: Id;
  readonly siteName: string;
  readonly isConnected: boolean;
}

/** One check instance that would not be as it is. */
export interface CheckEffect {
  readonly effect: "starts" | "ends" | "changes" | "cannot-run";
  readonly before: CheckRow | null;
  readonly after: CheckRow;
  /** Where each new value comes from. */
  readonly sources: Readonly<Record<string, Source>>;
  /** As judged last. */
  readonly judged: JudgedState;
}

export interface DeviceEffect {
  readonly device: DeviceOfPreview;
  readonly checks: readonly CheckEffect[];
}

interface DeviceRow extends PresenceRow {
  device_id: Id;
  name: string;
  customer_id: Id;
  customer_name: string;
  site_id: Id;
  site_name: string;
  agent_checks: AgentChecks;
  next_check_number: number;
}

interface InstanceRow extends Omit<CheckRow, "selection" | "judgement" | "damping" | "sources"> {
  device_id: Id;
  selection: string;
  damping: string;
  judgement: string;
  state: JudgedState["state"];
  unknown_detail: string | null;
  verdicts: string;
}

const noSources: CheckRow["sources"] = {};
const neverRun = judgedState("unknown", "never-measured", null, []);

/**
 * The effect on these devices; those on which nothing would change are left out, and so are revoked ones. Compared by the very
 * code that writes when a policy is saved. Where a value comes from is no difference.
 */
export async function effectsOnDevices(tx: Tx, ctx: Context, differences: ReadonlyMap<Id, Difference>): Promise<DeviceEffect[]> {
  const deviceIds = [...differences.keys()];
  const devices = await tx.sql<DeviceRow>(selectDevices, [ctx.providerId, deviceIds]);
  const concerned = [...new Set([...new Set(differences.values())].flatMap(({ checks }) => checks))];
  const rows = Map.groupBy(
    await tx.sql<InstanceRow>(selectInstances, [ctx.providerId, deviceIds, concerned]),
    ({ device_id }) => device_id,
  );
  const parse = parseOnce();
  return devices.flatMap((row) => {
    const difference = differences.get(row.device_id)!;
    const own = (rows.get(row.device_id) ?? []).filter((instance) =>
      difference.keys.has(instanceKey(instance.check_id, instance.instance)),
    );
    const checks = effectsOf(ctx, row, difference, own, parse);
    return checks.length === 0 ? [] : [{ device: presentDevice(row, ctx.services.clock.now()), checks }];
  });
}

function effectsOf(ctx: Context, device: DeviceRow, difference: Difference, own: readonly InstanceRow[], parse: Parse): CheckEffect[] {
  const present = new Map(own.map((row) => [row.number, { row, check: checkRowOf(row, parse) }]));
  const sources = new Map(difference.desired.map((wish) => [instanceKey(wish.check, wish.instance), wish.sources]));
  const { inserts, updates } = compareChecks(
    ctx.services.checks,
    device.agent_checks,
    [...present.values()].map(({ check }) => check),
    difference.desired.map((wish) => ({ ...wish, sources: {} })),
    device.next_check_number,
  );
  return [...inserts, ...updates].flatMap((after): CheckEffect[] => {
    const known = present.get(after.number);
    const effect = effectOf(known?.check, after);
    if (!effect) return [];
    return [
      {
        effect,
        before: known?.check ?? null,
        after,
        sources: sources.get(instanceKey(after.check_id, after.instance)) ?? {},
        judged: known ? judgedOf(known.row, parse) : neverRun,
      },
    ];
  });
}

/** Undefined: nobody would notice. */
function effectOf(before: CheckRow | undefined, after: CheckRow): CheckEffect["effect"] | undefined {
  if (before?.enabled) return after.enabled ? "changes" : "ends";
  if (after.enabled) return "starts";
  const cannotRun = (row: CheckRow | undefined) => reasonsNotToRun.includes(row?.unknown_reason ?? "");
  return cannotRun(after) && !cannotRun(before) ? "cannot-run" : undefined;
}

type Parse = (text: string) => unknown;

/** Most devices have the same settings: each text is parsed once. */
function parseOnce(): Parse {
  const known = new Map<string, unknown>();
  return (text) => {
    if (!known.has(text)) known.set(text, JSON.parse(text));
    return known.get(text);
  };
}

const checkRowOf = (row: InstanceRow, parse: Parse): CheckRow =>
  pickCheckRow({
    ...row,
    selection: parse(row.selection) as CheckRow["selection"],
    judgement: parse(row.judgement) as CheckRow["judgement"],
    damping: parse(row.damping) as CheckRow["damping"],
    sources: noSources,
  });

function judgedOf(row: InstanceRow, parse: Parse): JudgedState {
  const bad = parse(row.verdicts) as BadSubject[];
  return judgedState(row.state, row.unknown_reason as JudgedState["unknownReason"], row.unknown_detail, bad);
}

function presentDevice(row: DeviceRow, nowMs: number): DeviceOfPreview {
  return {
    deviceId: row.device_id,
    name: row.name,
    customerId: row.customer_id,
    customerName: row.customer_name,
    siteId: row.site_id,
    siteName: row.site_name,
    isConnected: isConnected(row, nowMs),
  };
}

const selectDevices = `
  select d.device_id, d.name, d.customer_id, c.name as customer_name, d.site_id, s.name as site_name, d.agent_checks, d.next_check_number, ${presenceColumns("l")}
  from hauswart.device d
  join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
  join hauswart.site s on s.provider_id = d.provider_id and s.site_id = d.site_id
  left join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  ${presenceJoin("l")}
  where d.provider_id = $1 and d.device_id = any ($2::uuid[]) and d.lifecycle <> 'revoked'`;

const selectInstances = `
  select device_id, number, check_id, instance, enabled, every_seconds, daily_at_hour, failures_before_finding, damping::text as damping, selection::text as selection,
    selection_version, judgement::text as judgement, unknown_reason, state, unknown_detail, verdicts::text as verdicts
  from hauswart.check_instance where provider_id = $1 and device_id = any ($2::uuid[]) and check_id = any ($3::text[])`;
