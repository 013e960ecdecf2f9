/** How much an agent can be told to run. It takes no longer message, whatever the policies say. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { checksLimit, messageLimitBytes } from "@hauswart/protocol/wire/versions.ts";
import type { Tx } from "../database/database.ts";
import type { DesiredCheck } from "./resolve.ts";

/** What stands around the checks. */
const envelopeBytes = 1_024;
/** Everything of a check but its names and its selection: the names of the fields, and numbers. */
const fieldsBytes = 128;

/** Why a check that is on does not run: the device has more than its agent can be told. Such a row is not `enabled`, but shown. */
export const tooManyChecks = "too-many-checks";

type Configured = Pick<DesiredCheck, "check" | "instance" | "selection">;

/** A reference is about as long as the secret that it stands for. */
const bytesOf = ({ check, instance, selection }: Configured) => JSON.stringify([check, instance, selection]).length + fieldsBytes;

/** Those that an agent takes, in the order given; the computer's own checks come before instances, which ask others. */
export function whatFits<Check extends Configured>(checks: readonly Check[]): ReadonlySet<Check> {
  const fitting = new Set<Check>();
  let bytes = envelopeBytes;
  for (const check of [...checks].sort((one, other) => Number(one.instance !== "") - Number(other.instance !== ""))) {
    const size = bytesOf(check);
    if (fitting.size === checksLimit || bytes + size > messageLimitBytes) continue;
    bytes += size;
    fitting.add(check);
  }
  return fitting;
}

interface Tight {
  device_id: Id;
  name: string;
  left_out: number;
}

/**
 * Says no when a device would have to leave out more checks than it does already. @param wishes of each device as they would be
 * Errors: INVALID_REQUEST.
 */
export async function requireRoom(tx: Tx, providerId: Id, wishes: ReadonlyMap<Id, readonly DesiredCheck[]>): Promise<void> {
  const leftOut = (deviceId: Id) => wishes.get(deviceId)!.filter(({ doesNotFit }) => doesNotFit).length;
  const tight = [...wishes.keys()].filter((deviceId) => leftOut(deviceId) > 0);
  if (tight.length === 0) return;
  const devices = await tx.sql<Tight>(
    `select d.device_id, d.name, (select count(*)::int from hauswart.check_instance c
       where c.provider_id = d.provider_id and c.device_id = d.device_id and c.unknown_reason = $3) as left_out
     from hauswart.device d where d.provider_id = $1 and d.device_id = any($2::uuid[]) and d.lifecycle <> 'revoked' order by d.name, d.device_id`,
    [providerId, tight, tooManyChecks],
  );
  const issues = devices
    .filter(({ device_id, left_out }) => leftOut(device_id) > left_out)
    .map(({ device_id, name }) => ({ path: "body.checks", message: sentence(name, wishes.get(device_id)!) }));
  if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues: issues.slice(0, 20) });
}

function sentence(name: string, wishes: readonly DesiredCheck[]): string {
  const on = wishes.filter(({ enabled }) => enabled);
  if (on.length > checksLimit) return `${name} would have ${on.length} checks; an agent takes at most ${checksLimit}.`;
  const bytes = on.reduce((sum, check) => sum + bytesOf(check), envelopeBytes);
  return `The settings of the checks of ${name} would be ${Math.ceil(bytes / 1_024)} KiB; an agent takes at most ${messageLimitBytes / 1_024} KiB.`;
}
