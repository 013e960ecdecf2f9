/** An agent trades its enrolment token for a device id: POST /agent/v1/enrol. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { EnrolRequest, EnrolResponse } from "@hauswart/protocol/wire/messages.ts";
import { enrolmentProof, enrolmentReceipt } from "@hauswart/protocol/wire/proofs.ts";
import { hashOfToken } from "../access/tokens.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { PublicVerb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { closeDeviceFinding } from "../ingest/device-findings.ts";
import { lockPolicies, refreshDeviceChecks } from "../policies/refresh-device-checks.ts";
import { isoTime } from "../times.ts";
import type { Services } from "../services.ts";
import { findEnrolled, type EnrolledDevice } from "./find-enrolled.ts";
import { isSignedBy } from "./verify-signature.ts";

/** Where a token leads. */
interface TokenRow {
  readonly provider_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly enrolment_token_id: Id;
  readonly role: "workstation" | "server";
}

/**
 * Enrols a computer. A computer that was enrolled at this site before gets its old device back, with the new key. Asking
 * again with the same key, because the answer was lost, gives the same answer and uses the token once.
 * Errors: SIGNATURE_INVALID, ENROLMENT_TOKEN_INVALID.
 */
export async function enrolDevice({ caller, input }: PublicVerb<EnrolRequest>): Promise<EnrolResponse> {
  const { services } = caller;
  const key = Buffer.from(input.publicKey, "base64");
  if (!isSignedBy(key, enrolmentProof(input.token, input.publicKey), input.signature)) throw new HauswartError("SIGNATURE_INVALID");
  const token = await findToken(services, input.token);
  if (!token) throw new HauswartError("ENROLMENT_TOKEN_INVALID");
  const deviceId = await services.database.transaction({ providerId: token.provider_id, customers: [token.customer_id] }, async (tx) => {
    await lockPolicies(tx, token.provider_id, "device");
    const hasUse = await useToken(tx, services, token);
    const known = await findEnrolled(tx, services, token, input.computer);
    if (known?.public_key?.equals(key) && known.lifecycle === "active") return undoUse(tx, token, hasUse, known.device_id);
    if (!hasUse) throw new HauswartError("ENROLMENT_TOKEN_INVALID");
    const id = known ? await enrolAnew(tx, services, token, known, input, key) : await enrolFirst(tx, services, token, input, key);
    await refreshDeviceChecks(tx, services, { providerId: token.provider_id, deviceId: id });
    await audit(
      tx,
      { services, providerId: token.provider_id, actor: { kind: "agent", id, name: input.computer.hostname }, address: caller.address },
      {
        action: "device.enrol",
        subject: { kind: "device", id },
        customerId: token.customer_id,
        detail: {
          enrolmentTokenId: token.enrolment_token_id,
          siteId: token.site_id,
          anew: known !== undefined,
          agentVersion: input.computer.agentVersion,
        },
      },
    );
    announce(
      tx,
      { services, providerId: token.provider_id },
      { kind: "device", id, customerId: token.customer_id, change: known ? "changed" : "created" },
    );
    return id;
  });
  return {
    deviceId,
    serverPublicKey: services.identity.publicKey,
    signature: services.identity.sign(enrolmentReceipt(deviceId, input.publicKey)),
  };
}

async function findToken({ database }: Services, token: string): Promise<TokenRow | undefined> {
  const rows = await database.unwalled("enrolment token", (tx) =>
    tx.sql<TokenRow>(
      // One that was made while its customer's erasure began leads nowhere.
      `select provider_id, customer_id, site_id, enrolment_token_id, role from hauswart.enrolment_token t where token_hash = $1
         and not exists (select from hauswart.customer_erasure e where e.provider_id = t.provider_id and e.erased_id = t.customer_id)`,
      [hashOfToken(token)],
    ),
  );
  return rows[0];
}

/** Takes one use of the token. @returns false when none is left or it has expired. */
async function useToken(tx: Tx, { clock }: Services, token: TokenRow): Promise<boolean> {
  const used = await tx.sql(
    `update hauswart.enrolment_token set uses_left = uses_left - 1
     where provider_id = $1 and enrolment_token_id = $2 and uses_left > 0 and expires_at > $3 returning enrolment_token_id`,
    [token.provider_id, token.enrolment_token_id, isoTime(clock.now())],
  );
  return used.length > 0;
}

async function undoUse(tx: Tx, token: TokenRow, hasUse: boolean, deviceId: Id): Promise<Id> {
  if (hasUse)
    await tx.sql("update hauswart.enrolment_token set uses_left = uses_left + 1 where provider_id = $1 and enrolment_token_id = $2", [
      token.provider_id,
      token.enrolment_token_id,
    ]);
  return deviceId;
}

async function enrolFirst(tx: Tx, { clock }: Services, token: TokenRow, { computer, name }: EnrolRequest, key: Buffer): Promise<Id> {
  const nowMs = clock.now();
  const deviceId = newId(nowMs);
  await tx.sql(
    `insert into hauswart.device (provider_id, device_id, customer_id, site_id, name, hostname, role, system, system_name, system_version,
       architecture, agent_version, public_key, fingerprint, booted_at, enrolled_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      token.provider_id,
      deviceId,
      token.customer_id,
      token.site_id,
      name ?? computer.hostname,
      computer.hostname,
      token.role,
      computer.system,
      computer.systemName,
      computer.systemVersion,
      computer.architecture,
      computer.agentVersion,
      key,
      computer.fingerprint,
      isoTime(Math.min(computer.bootedAt, nowMs)),
      isoTime(nowMs),
    ],
  );
  await tx.sql("insert into hauswart.device_link (provider_id, device_id, customer_id) values ($1, $2, $3)", [
    token.provider_id,
    deviceId,
    token.customer_id,
  ]);
  return deviceId;
}

/** The device's row goes on with the new key; whoever holds the old one is shut out. */
async function enrolAnew(
  tx: Tx,
  services: Services,
  token: TokenRow,
  known: EnrolledDevice,
  { computer, name }: EnrolRequest,
  key: Buffer,
): Promise<Id> {
  const { provider_id: providerId, customer_id: customerId, site_id: siteId } = token;
  const { device_id: deviceId } = known;
  const nowMs = services.clock.now();
  await tx.sql(
    `update hauswart.device set public_key = $3, lifecycle = 'active', revoked_at = null, remove_agent = false, hostname = $4, name = coalesce($5, name), system_name = $6, system_version = $7,
       architecture = $8, agent_version = $9, booted_at = $10, role = $11
     where provider_id = $1 and device_id = $2`,
    [
      providerId,
      deviceId,
      key,
      computer.hostname,
      name ?? null,
      computer.systemName,
      computer.systemVersion,
      computer.architecture,
      computer.agentVersion,
      isoTime(Math.min(computer.bootedAt, nowMs)),
      token.role,
    ],
  );
  const finding = closeDeviceFinding({ providerId, customerId, siteId, deviceId }, "cloned", "enrolled-anew", nowMs);
  await applyFindingChanges(tx, services, { providerId, actor: { kind: "agent", id: deviceId, name: computer.hostname } }, [finding]);
  tx.afterCommit(() => services.bus.publish("device-disconnect", { providerId, deviceId, code: "SIGNATURE_INVALID" }));
  return deviceId;
}
