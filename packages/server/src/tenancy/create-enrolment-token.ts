import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { hashOfToken, newToken } from "../access/tokens.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { authorityPath } from "../install/authority-file.ts";
import { installWays, linuxCommand } from "../install/install-ways.ts";
import type { OwnAuthority } from "../own-authority/own-authority.ts";
import { isoTime } from "../times.ts";
import { customersBeingErased, requireNotErased } from "./customer-data/being-erased.ts";
import { presentEnrolmentToken, type EnrolmentTokenRow } from "./enrolment-token-row.ts";
import { readSite } from "./site-row.ts";

/**
 * Makes a token for enrolling devices of one site and returns it this once, with the commands that use it.
 * Errors: FORBIDDEN, NOT_FOUND (site), CONFLICT (the customer is being erased).
 */
export async function createEnrolmentToken({ ctx, input }: Verb<Input<"createEnrolmentToken">>): Promise<Result<"createEnrolmentToken">> {
  requireScope(ctx, "devices:write");
  const now = ctx.services.clock.now();
  const token = newToken("enrolment");
  const { settings, ownAuthority } = ctx.services;
  const place = { url: settings.url, token, authority: ownAuthority };
  const ways = await installWays(place);
  const beingErased = await customersBeingErased(ctx);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const site = await readSite(tx, ctx, input.siteId, "for share of s, c");
    requireNotErased(beingErased, site.customer_id);
    const row: EnrolmentTokenRow = {
      enrolment_token_id: newId(now),
      customer_id: site.customer_id,
      site_id: site.site_id,
      role: input.role,
      uses_left: input.uses,
      expires_at: new Date(now + input.validHours * 3_600_000),
      created_at: new Date(now),
    };
    await tx.sql(
      `insert into hauswart.enrolment_token (provider_id, enrolment_token_id, customer_id, site_id, token_hash, role, uses_left, expires_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ctx.providerId,
        row.enrolment_token_id,
        row.customer_id,
        row.site_id,
        hashOfToken(token),
        row.role,
        row.uses_left,
        isoTime(row.expires_at),
        isoTime(row.created_at),
      ],
    );
    await audit(tx, ctx, {
      action: "enrolment-token.create",
      subject: { kind: "enrolment-token", id: row.enrolment_token_id },
      customerId: row.customer_id,
      detail: { siteId: row.site_id, role: row.role, uses: row.uses_left, expiresAt: row.expires_at },
    });
    return { ...presentEnrolmentToken(row), token, command: linuxCommand(place), ways, authority: presentAuthority(ownAuthority) };
  });
}

const presentAuthority = (authority: OwnAuthority | undefined) =>
  authority ? { fingerprint: authority.fingerprint, path: authorityPath } : null;
