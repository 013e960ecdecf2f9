/** Finds out who says hello. The provider is not known yet, so this is the one question to the database that no wall stands around. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Hello } from "@hauswart/protocol/wire/messages.ts";
import { agentProof } from "@hauswart/protocol/wire/proofs.ts";
import type { Database } from "../database/database.ts";
import type { AgentLink } from "./agent-link.ts";
import type { RefusalCode } from "./refusals.ts";
import { isSignedBy } from "./verify-signature.ts";

/** A hello that waits to be answered. */
export interface Introduction {
  readonly link: AgentLink;
  readonly hello: Hello;
  /** Our nonce that the agent had to sign. */
  readonly nonce: string;
  /** Agent's clock minus ours when the hello arrived, milliseconds. */
  readonly clockOffsetMs: number;
}

/** What the database knows of a device before it has taken part. */
export interface KnownDevice {
  readonly provider_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly device_id: Id;
  readonly name: string;
  readonly hostname: string;
  readonly system_name: string;
  readonly system_version: string;
  readonly architecture: string;
  readonly agent_version: string;
  readonly agent_checks: Readonly<Record<string, number>>;
  readonly local_addresses: readonly string[];
  readonly looks_for_neighbours: boolean;
  readonly gateway_addresses: readonly string[];
  readonly gateway_cards: readonly string[];
  readonly booted_at: Date | null;
  readonly fingerprint: string | null;
  readonly lifecycle: "active" | "quarantined" | "revoked";
  readonly public_key: Buffer | null;
  readonly kind: "agent" | "measured";
  /** Revoked, and its agent shall remove itself. */
  readonly remove_agent: boolean;
}

/** Looks devices up by their ids. */
export async function knownDevices(database: Database, ids: readonly Id[]): Promise<Map<Id, KnownDevice>> {
  const rows = await database.unwalled("devices that say hello", (tx) => tx.sql<KnownDevice>(devicesById, [ids]));
  return new Map(rows.map((row) => [row.device_id, row]));
}

const devicesById = `
  select provider_id, customer_id, site_id, device_id, name, hostname, system_name, system_version, architecture, agent_version,
    agent_checks, local_addresses, looks_for_neighbours, gateway_addresses, gateway_cards, booted_at, fingerprint, lifecycle, public_key, kind, remove_agent
  from hauswart.device where device_id = any($1::uuid[])`;

/**
 * Why a device is turned away; undefined when it is who it says and may come in. The signature comes first: whoever does not
 * hold the key learns nothing about the device.
 */
export function reasonToRefuse(device: KnownDevice | undefined, { link, hello, nonce }: Introduction): RefusalCode | undefined {
  // A device that the server measures itself comes from within this process, and nobody comes as one from elsewhere.
  const key = device?.kind === "measured" ? link.ownKey : link.ownKey ? null : device?.public_key;
  if (!device || !key) return "DEVICE_UNKNOWN";
  if (!isSignedBy(key, agentProof(nonce, hello.nonce, hello.deviceId), hello.signature)) return "SIGNATURE_INVALID";
  if (device.lifecycle === "revoked") return "DEVICE_REVOKED";
  return device.lifecycle === "quarantined" ? "DEVICE_QUARANTINED" : undefined;
}
