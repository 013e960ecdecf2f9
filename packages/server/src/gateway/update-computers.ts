/** What agents say about their computers, written down where it has changed. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Hello } from "@hauswart/protocol/wire/messages.ts";
import { isDeepStrictEqual } from "node:util";
import type { Tx } from "../database/database.ts";
import { lockPolicies, refreshChecksOfDevices } from "../policies/refresh-device-checks.ts";
import type { Services } from "../services.ts";
import type { KnownDevice } from "./recognise-devices.ts";

/** Two computations of the same start of the computer differ by this much, as its clock is set. */
const bootJitterMs = 60_000;

export interface Introduced {
  readonly device: KnownDevice;
  readonly hello: Hello;
  /** Agent's clock minus ours, milliseconds. */
  readonly clockOffsetMs: number;
}

/** When the computer was started, by our clock. */
function bootedAtMs({ hello, clockOffsetMs }: Introduced, nowMs: number): number {
  return Math.min(Math.max(hello.computer.bootedAt - clockOffsetMs, 0), nowMs);
}

const learntNewChecks = ({ device, hello }: Introduced) => !isDeepStrictEqual(device.agent_checks, hello.checks);

function hasChanged(introduced: Introduced, nowMs: number): boolean {
  const { device, hello } = introduced;
  const { computer } = hello;
  return (
    learntNewChecks(introduced) ||
    device.hostname !== computer.hostname ||
    device.system_name !== computer.systemName ||
    device.system_version !== computer.systemVersion ||
    device.architecture !== computer.architecture ||
    device.agent_version !== computer.agentVersion ||
    device.fingerprint !== computer.fingerprint ||
    device.looks_for_neighbours !== (hello.network?.looks ?? false) ||
    !isDeepStrictEqual(device.local_addresses, hello.network?.addresses ?? []) ||
    !isDeepStrictEqual([device.gateway_addresses, device.gateway_cards], gatewaysOf(hello)) ||
    Math.abs((device.booted_at?.getTime() ?? 0) - bootedAtMs(introduced, nowMs)) > bootJitterMs
  );
}

/** As they are stored: addresses, and in the same places their network cards. */
const gatewaysOf = ({ network }: Hello): [addresses: string[], cards: string[]] => {
  const gateways = network?.gateways ?? [];
  return [gateways.map(({ address }) => address), gateways.map(({ card }) => card ?? "")];
};

/** Writes what changed, and gives agents that have learnt new checks what they can run now. */
export async function updateComputers(services: Services, providerId: Id, introduced: readonly Introduced[]): Promise<void> {
  const nowMs = services.clock.now();
  const changed = introduced.filter((each) => hasChanged(each, nowMs));
  if (changed.length === 0) return;
  const learnt = changed.filter(learntNewChecks).map(({ device }) => device.device_id);
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    if (learnt.length > 0) await lockPolicies(tx, providerId, "device");
    await writeComputers(tx, providerId, changed, nowMs);
    if (learnt.length > 0) await refreshChecksOfDevices(tx, services, providerId, learnt);
  });
}

async function writeComputers(tx: Tx, providerId: Id, changed: readonly Introduced[], nowMs: number): Promise<void> {
  const rows = changed
    .map((introduced) => ({ ...introduced, bootedAt: new Date(bootedAtMs(introduced, nowMs)) }))
    .map(({ device, hello, bootedAt }) => ({
      device_id: device.device_id,
      hostname: hello.computer.hostname,
      system_name: hello.computer.systemName,
      system_version: hello.computer.systemVersion,
      architecture: hello.computer.architecture,
      agent_version: hello.computer.agentVersion,
      fingerprint: hello.computer.fingerprint,
      booted_at: bootedAt.toISOString(),
      agent_checks: hello.checks,
      local_addresses: hello.network?.addresses ?? [],
      looks_for_neighbours: hello.network?.looks ?? false,
      gateway_addresses: gatewaysOf(hello)[0],
      gateway_cards: gatewaysOf(hello)[1],
    }));
  await tx.sql(computers, [providerId, JSON.stringify(rows)]);
}

/** A device that was called like its host goes on doing so. */
const computers = `
  update hauswart.device d set name = case when d.name = d.hostname then r.hostname else d.name end,
    hostname = r.hostname, system_name = r.system_name, system_version = r.system_version, architecture = r.architecture,
    agent_version = r.agent_version, fingerprint = r.fingerprint, booted_at = r.booted_at, agent_checks = r.agent_checks,
    local_addresses = r.local_addresses, looks_for_neighbours = r.looks_for_neighbours,
    gateway_addresses = r.gateway_addresses, gateway_cards = r.gateway_cards
  from (select * from jsonb_to_recordset($2::text::jsonb) as c(device_id uuid, hostname text, system_name text, system_version text,
    architecture text, agent_version text, fingerprint text, booted_at timestamptz, agent_checks jsonb, local_addresses text[], looks_for_neighbours boolean,
    gateway_addresses text[], gateway_cards text[]) order by device_id) r
  where d.provider_id = $1 and d.device_id = r.device_id`;
