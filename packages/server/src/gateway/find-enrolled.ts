/** Finds the device that a computer was enrolled as before. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Computer } from "@hauswart/protocol/wire/messages.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isConnected, type LinkTimes } from "../presence/is-connected.ts";

export interface EnrolledDevice {
  readonly device_id: Id;
  readonly public_key: Buffer | null;
  readonly lifecycle: "active" | "quarantined" | "revoked";
}

interface Row extends EnrolledDevice, LinkTimes {
  readonly booted_at: Date | null;
}

/** Two computations of one start of a computer differ by less. */
const bootJitterMs = 60_000;

/**
 * The newest device of this site with the computer's fingerprint. A device that is connected right now and was started at
 * another time is another computer with the same image: it keeps its row, and the one that asks becomes a device of its own.
 */
export async function findEnrolled(
  tx: Tx,
  { clock }: Services,
  site: { provider_id: Id; site_id: Id },
  computer: Computer,
): Promise<EnrolledDevice | undefined> {
  const rows = await tx.sql<Row>(
    `select d.device_id, d.public_key, d.lifecycle, d.booted_at, l.connected_at, l.disconnected_at, p.alive_at as process_alive_at, p.stopped_at as process_stopped_at
     from hauswart.device d
     left join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
     left join hauswart.server_process p on p.process_id = l.process_id
     where d.provider_id = $1 and d.site_id = $2 and d.fingerprint = $3 and d.kind = 'agent'
     order by d.enrolled_at desc, d.device_id desc for update of d`,
    [site.provider_id, site.site_id, computer.fingerprint],
  );
  return rows.find((row) => !isOtherComputer(row, computer, clock.now()));
}

function isOtherComputer(row: Row, computer: Computer, nowMs: number): boolean {
  if (row.lifecycle !== "active" || !row.booted_at || !isConnected(row, nowMs)) return false;
  return Math.abs(row.booted_at.getTime() - computer.bootedAt) > bootJitterMs;
}
