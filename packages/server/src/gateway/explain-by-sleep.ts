/** A device was found silent, and says once it is awake that it had slept: then that is what the finding says, before it closes. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { Tx } from "../database/database.ts";
import type { DeviceIdentity } from "../ingest/device-memory.ts";
import { offlineEvidence } from "../presence/read-offline.ts";
import { sleepBehind, type Sleep } from "../presence/sleep.ts";

interface SilentRow {
  readonly finding_id: Id;
  readonly evidence_at: Date;
  readonly last_seen_ms: number | null;
}

/** Devices that are found silent, with what they say; few, because servers seldom sleep and workstations may for long. */
export async function explainBySleep(
  tx: Tx,
  devices: readonly { readonly identity: DeviceIdentity; readonly sleeps: readonly Sleep[] }[],
): Promise<void> {
  for (const { identity, sleeps } of devices) {
    const { providerId, deviceId } = identity;
    const [silent] = await tx.sql<SilentRow>(
      `select finding_id, evidence_at, (evidence ->> 'lastSeenAtMs')::float8 as last_seen_ms from hauswart.finding
       where provider_id = $1 and device_id = $2 and check_id = $3 and code = 'silent' and closed_at is null`,
      [providerId, deviceId, deviceCheckId],
    );
    const sleep = silent && sleepBehind(sleeps, silent.last_seen_ms ?? silent.evidence_at.getTime(), silent.evidence_at.getTime());
    if (!silent || !sleep) continue;
    const evidence = {
      ...offlineEvidence({ reason: "asleep", certainty: "certain", clues: ["told-later"] }),
      sleptFromMs: sleep.fromMs,
      sleptUntilMs: sleep.untilMs,
    };
    await tx.sql("update hauswart.finding set evidence = evidence || $3 where provider_id = $1 and finding_id = $2", [
      providerId,
      silent.finding_id,
      evidence,
    ]);
  }
}
