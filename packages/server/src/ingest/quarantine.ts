/** Messages that cannot be stored are put aside whole, with the reason and a finding, and acknowledged: they must not stop the stream. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { byteaArray, int8Array, textArray, timestampArray, uuidArray } from "../database/binary-arrays.ts";
import type { Tx } from "../database/database.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { Services } from "../services.ts";
import { cleanText } from "./clean-message.ts";
import * as statements from "./commit-statements.ts";
import { hashToBytes } from "./content-hash.ts";
import { openDeviceFinding } from "./device-findings.ts";
import type { TakenBatch } from "./taken-batch.ts";

/** Bodies kept per device and connection; an agent that sends nothing else must not fill the disk. */
const bodiesPerConnection = 20;

export interface QuarantinedMessage {
  readonly batch: TakenBatch;
  readonly error: string;
}

/** Messages of which single samples did not fit; the rest of them is stored. */
export function misfitsToQuarantine(batches: readonly TakenBatch[]): QuarantinedMessage[] {
  return batches
    .filter(({ misfits, device }) => misfits.length > 0 && device.quarantined <= bodiesPerConnection)
    .map((batch) => ({ batch, error: batch.misfits.map(({ checkNumber, problem }) => `check ${checkNumber} ${problem}`).join("\n") }));
}

export async function quarantineMessages(tx: Tx, providerId: Id, messages: readonly QuarantinedMessage[]): Promise<void> {
  const batches = messages.map(({ batch }) => batch);
  await tx.sql(statements.insertQuarantined, [
    providerId,
    uuidArray(batches.map(({ device }) => device.identity.customerId)),
    uuidArray(batches.map(({ device }) => device.identity.deviceId)),
    uuidArray(batches.map(({ streamId }) => streamId)),
    int8Array(batches.map(({ sequence }) => sequence)),
    timestampArray(batches.map(({ receivedAtMs }) => receivedAtMs)),
    byteaArray(batches.map(({ text }) => Buffer.from(text))),
    textArray(messages.map(({ error }) => cleanText(error))),
  ]);
}

/**
 * Puts one message aside in place of storing it, and moves its stream past it.
 * @returns false when another connection has taken the device over; nothing is written then.
 */
export async function quarantineInstead(
  tx: Tx,
  services: Pick<Services, "bus">,
  providerId: Id,
  { batch, error }: QuarantinedMessage,
): Promise<boolean> {
  const { device, streamId, sequence, hash, receivedAtMs } = batch;
  const moved = await tx.sql(statements.skipMessage, [
    providerId,
    device.identity.deviceId,
    device.epoch,
    streamId,
    sequence,
    hashToBytes(hash),
    new Date(receivedAtMs).toISOString(),
  ]);
  if (moved.length === 0) return false;
  await quarantineMessages(tx, providerId, [{ batch, error }]);
  const finding = openDeviceFinding(device.identity, "message-quarantined", { problem: error.slice(0, 500) }, receivedAtMs);
  await applyFindingChanges(tx, services, { providerId, actor: { kind: "system", id: "ingest", name: "ingest" } }, [finding]);
  return true;
}
