/**
 * One key on two computers. A second hello with another run id is either the same agent after a restart, and then the old
 * connection is dead, or a copy of it, and then both are alive. Which of them is the original cannot be told, so neither is
 * believed until it is enrolled anew. The agents keep their samples.
 */
import { announce } from "../announce.ts";
import { systemContext } from "../context.ts";
import { audit } from "../audit/audit.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { openDeviceFinding } from "../ingest/device-findings.ts";
import type { Services } from "../services.ts";
import type { AgentLink } from "./agent-link.ts";
import type { Introduced } from "./update-computers.ts";

/** How long the older connection has to answer a ping. */
const pongPatienceMs = 3_000;

/** Whether the device's older connection belongs to another agent that is alive. */
export async function isClone(older: AgentLink | undefined, { hello }: Introduced): Promise<boolean> {
  if (!older || older.state !== "current" || older.runId === hello.runId) return false;
  return older.answersWithin(pongPatienceMs);
}

/** Shuts a device out until it is enrolled anew: with a finding, an entry in the audit log and a word to the console. */
export async function quarantineClones(services: Services, introduced: Introduced, addresses: readonly string[]): Promise<void> {
  const { provider_id: providerId, customer_id: customerId, site_id: siteId, device_id: deviceId, fingerprint } = introduced.device;
  const ctx = systemContext(services, providerId, "gateway");
  await services.database.transaction(ctx, async (tx) => {
    const moved = await tx.sql(
      "update hauswart.device set lifecycle = 'quarantined' where provider_id = $1 and device_id = $2 and lifecycle = 'active' returning device_id",
      [providerId, deviceId],
    );
    if (moved.length === 0) return;
    const isSameComputer = fingerprint === introduced.hello.computer.fingerprint;
    const finding = openDeviceFinding(
      { providerId, customerId, siteId, deviceId },
      "cloned",
      { addresses: addresses.join(", "), sameFingerprint: isSameComputer },
      services.clock.now(),
    );
    await applyFindingChanges(tx, services, { providerId, actor: ctx.actor }, [finding]);
    await audit(tx, ctx, {
      action: "device.quarantine",
      subject: { kind: "device", id: deviceId },
      customerId,
      detail: { reason: "cloned", addresses },
    });
    announce(tx, ctx, { kind: "device", id: deviceId, customerId, change: "changed" });
  });
  services.log.warn("two computers use one agent's key; both are quarantined", { providerId, deviceId, addresses });
}
