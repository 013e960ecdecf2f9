/** Writes down what agents say of their updates: in hellos, and while they update. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { UpdateReport } from "@hauswart/protocol/wire/messages.ts";
import { announce } from "../announce.ts";
import type { Tx } from "../database/database.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { Introduced } from "../gateway/update-computers.ts";
import { closeDeviceFinding, openDeviceFinding } from "../ingest/device-findings.ts";
import type { DeviceIdentity } from "../ingest/device-memory.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { failedStates } from "./rollout.ts";

export const actor = { kind: "system", id: "agent-updates", name: "agent-updates" } as const;

interface Ended {
  readonly device_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly version: string;
  readonly state: string;
  readonly code: string;
  readonly detail: string;
}

/** Agents that say hello and update themselves. The result of the last update comes in every hello; it is taken in once. */
export async function noteHellos(services: Services, providerId: Id, introduced: readonly Introduced[]): Promise<void> {
  const rows = introduced.flatMap(({ device, hello }) => {
    const { update } = hello;
    if (!update) return [];
    return {
      device_id: device.device_id,
      customer_id: device.customer_id,
      manifest_format: update.format,
      loader: update.loader,
      runtime: update.runtime,
      target: update.target,
      running: update.running,
      is_trial: update.isTrial,
      ended_reason: update.ended?.reason ?? null,
      ended_at: update.ended ? dateOf(update.ended.at) : null,
      result_version: update.last?.version ?? null,
      result_state: update.last?.outcome ?? null,
      result_code: update.last?.code ?? "",
      result_detail: update.last?.detail ?? "",
      result_at: update.last ? dateOf(update.last.at) : null,
    };
  });
  if (rows.length === 0) return;
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const json = JSON.stringify(rows.sort((one, other) => (one.device_id < other.device_id ? -1 : 1)));
    await tx.sql(standing, [providerId, json]);
    await tellOf(tx, services, providerId, await tx.sql<Ended>(results, [providerId, json, isoTime(services.clock.now())]));
    await tx.sql(heard, [providerId, json]);
  });
}

/** A moment that a wrong clock may have made up. */
const dateOf = (atMs: number) => new Date(Math.min(atMs, 4e12)).toISOString();

const record = `jsonb_to_recordset($2::text::jsonb) as r(device_id uuid, customer_id uuid, manifest_format integer, loader integer, runtime text, target text,
    running text, is_trial boolean, ended_reason text, ended_at timestamptz, result_version text, result_state text, result_code text, result_detail text, result_at timestamptz)`;

const standing = `
  insert into hauswart.device_update as u (provider_id, device_id, customer_id, manifest_format, loader, runtime, target, running, is_trial, ended_reason, ended_at)
  select $1, r.device_id, r.customer_id, r.manifest_format, r.loader, r.runtime, r.target, r.running, r.is_trial, r.ended_reason, r.ended_at from ${record}
  on conflict (provider_id, device_id) do update set manifest_format = excluded.manifest_format, loader = excluded.loader, runtime = excluded.runtime,
    target = excluded.target, running = excluded.running, is_trial = excluded.is_trial,
    ended_reason = coalesce(excluded.ended_reason, u.ended_reason), ended_at = coalesce(excluded.ended_at, u.ended_at)
  where (u.manifest_format, u.loader, u.runtime, u.target, u.running, u.is_trial) is distinct from
      (excluded.manifest_format, excluded.loader, excluded.runtime, excluded.target, excluded.running, excluded.is_trial)
    or excluded.ended_at is distinct from u.ended_at`;

/**
 * An agent repeats its last result in every hello, also while the next attempt is under way. Both moments are of its own clock; what was
 * heard before an offer, by hello or by report, is at least as old as what the offer came to.
 */
const isNew = "r.result_at > coalesce(u.result_at, '-infinity')";

const results = `
  update hauswart.device_update u set state = r.result_state, code = r.result_code, detail = r.result_detail, result_at = r.result_at, changed_at = $3
  from ${record}, hauswart.device d
  where u.provider_id = $1 and u.device_id = r.device_id and u.version = r.result_version and ${isNew}
    and u.state is distinct from r.result_state and d.provider_id = $1 and d.device_id = u.device_id
  returning u.device_id, u.customer_id, d.site_id, u.version, u.state, u.code, u.detail`;

/** Results of other releases, or that change nothing, are known from now on as well. */
const heard = `
  update hauswart.device_update u set result_at = r.result_at from ${record}
  where u.provider_id = $1 and u.device_id = r.device_id and ${isNew}`;

/** An agent says how its update goes on. */
export async function noteReport(services: Services, identity: DeviceIdentity, report: UpdateReport): Promise<void> {
  const { providerId, customerId, siteId, deviceId } = identity;
  const { state, code, detail } = report;
  await services.database.transaction({ providerId, customers: [customerId] }, async (tx) => {
    // A refusal of what was not believed names no version; it is about what was offered last.
    const rows = await tx.sql<{ version: string }>(
      `update hauswart.device_update set state = $3, code = $4, detail = $5, changed_at = $6, is_trial = is_trial and $3 <> 'confirmed',
         result_at = case when $7 <> '' and $3 = any($8::text[]) then greatest(result_at, $9) else result_at end
       where provider_id = $1 and device_id = $2 and version is not null and ($7 = '' or version = $7) returning version`,
      [providerId, deviceId, state, code, detail, isoTime(services.clock.now()), report.version, ended, dateOf(report.at)],
    );
    const version = rows[0]?.version;
    if (version !== undefined)
      await tellOf(tx, services, providerId, [
        { device_id: deviceId, customer_id: customerId, site_id: siteId, version, state, code, detail },
      ]);
  });
}

/** With these an agent keeps its result, and repeats it. */
const ended = ["confirmed", ...failedStates];

/** Findings, figures and the live stream. */
export async function tellOf(tx: Tx, services: Services, providerId: Id, ended: readonly Ended[]): Promise<void> {
  const nowMs = services.clock.now();
  const findings = ended.flatMap(({ device_id, customer_id, site_id, version, state, code, detail }) => {
    const identity = { providerId, customerId: customer_id, siteId: site_id, deviceId: device_id };
    if (failedStates.includes(state))
      return openDeviceFinding(identity, "update-failed", { version, code, detail, rolledBack: state === "rolled-back" }, nowMs);
    return state === "confirmed" ? closeDeviceFinding(identity, "update-failed", "recovered", nowMs) : [];
  });
  await applyFindingChanges(tx, services, { providerId, actor }, findings);
  const counter = services.metrics.counter({
    name: "agent_updates_total",
    help: "Steps of agents' updates, by what they came to.",
    labels: ["state"],
  });
  for (const { state, device_id, customer_id } of ended) {
    counter.add(1, { state });
    announce(tx, { services, providerId }, { kind: "device", id: device_id, customerId: customer_id, change: "changed" });
  }
}
