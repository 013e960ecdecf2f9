import type { FirstSteps } from "@hauswart/protocol/api/daily.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { ownCustomerName } from "../first-start.ts";
import { readProviderSettings, type Settings } from "./provider-settings.ts";

/** Customers that are looked at: who has more is beyond first steps. */
const fewCustomers = 20;

interface Candidate {
  customer_id: Id;
  name: string;
  site_id: Id | null;
  site_name: string | null;
  device_id: Id | null;
  device_name: string | null;
  system: FirstSteps["device"]["system"];
  mail_id: Id | null;
  mail_state: string | null;
  finding_id: Id | null;
}

/** How far the installation is from the first customer's first alarm mail. Errors: FORBIDDEN. */
export async function getFirstSteps({ ctx }: Verb<Input<"getFirstSteps">>): Promise<Result<"getFirstSteps">> {
  requireScope(ctx, "settings:read");
  requireAllCustomers(ctx);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const settings = await readProviderSettings(tx, ctx);
    const candidate = farthest(await readCandidates(tx, ctx));
    const recipient = await recipientOf(tx, ctx, candidate?.customer_id ?? null);
    const alarmDone = candidate?.mail_state === "sent";
    return {
      isDone: alarmDone,
      hasMailServer: ctx.services.settings.smtpUrl !== undefined,
      house: houseOf(settings),
      customer: {
        isDone: (candidate?.site_id ?? null) !== null,
        customerId: candidate?.customer_id ?? null,
        customerName: candidate?.name ?? "",
        siteId: candidate?.site_id ?? null,
        siteName: candidate?.site_name ?? "",
      },
      recipient: { isDone: recipient !== null && (alarmDone || (await hasSentMail(tx, ctx))), address: recipient },
      device: {
        isDone: (candidate?.device_id ?? null) !== null,
        deviceId: candidate?.device_id ?? null,
        deviceName: candidate?.device_name ?? "",
        system: candidate?.system ?? null,
      },
      alarm: { isDone: alarmDone, findingId: candidate?.finding_id ?? null, mailId: candidate?.mail_id ?? null },
    };
  });
}

/** Until somebody gives it a name the house is called Hauswart; a sender at localhost reaches nobody. */
function houseOf({ name, mailFrom }: Settings): FirstSteps["house"] {
  return { isDone: name !== "Hauswart" && !/@localhost>?\s*$/i.test(mailFrom), name, mailFrom };
}

/** The oldest customers but the house itself, each with its first site, first device, newest mail about a finding and newest open finding. */
function readCandidates(tx: Tx, { providerId }: Context): Promise<Candidate[]> {
  return tx.sql<Candidate>(
    `select c.customer_id, c.name, s.site_id, s.name as site_name, d.device_id, d.name as device_name, d.system, m.mail_id, m.state as mail_state, f.finding_id
     from (select customer_id, name, created_at from hauswart.customer where provider_id = $1 and name <> $2 order by created_at, customer_id limit ${fewCustomers}) c
     left join lateral (select site_id, name from hauswart.site where provider_id = $1 and customer_id = c.customer_id and removed_at is null order by created_at, site_id limit 1) s on true
     left join lateral (select device_id, name, system from hauswart.device where provider_id = $1 and customer_id = c.customer_id and lifecycle <> 'revoked' order by enrolled_at limit 1) d on true
     left join lateral (
       select mail_id, state from hauswart.mail where provider_id = $1 and customer_id = c.customer_id and finding_ids <> '{}' order by state = 'sent' desc, mail_id desc limit 1) m on true
     left join lateral (select finding_id from hauswart.finding where provider_id = $1 and customer_id = c.customer_id order by closed_at is null desc, opened_at desc limit 1) f on true
     order by c.created_at, c.customer_id`,
    [providerId, ownCustomerName],
  );
}

/** The customer with whom the house is farthest on its way; among equals the oldest. */
function farthest(candidates: readonly Candidate[]): Candidate | undefined {
  const reached = ({ site_id, device_id, mail_id, mail_state }: Candidate) =>
    mail_state === "sent" ? 4 : mail_id ? 3 : device_id ? 2 : site_id ? 1 : 0;
  return candidates.reduce<Candidate | undefined>((best, one) => (best && reached(best) >= reached(one) ? best : one), undefined);
}

/** Somebody who is told of everything that fails at this customer, at an address that can be reached. */
async function recipientOf(tx: Tx, { providerId }: Context, customerId: Id | null): Promise<string | null> {
  const [row] = await tx.sql<{ address: string }>(
    `select address from hauswart.recipient
     where provider_id = $1 and (customer_id is null or customer_id = $2::uuid) and address !~* '@localhost$' order by customer_id nulls last, created_at limit 1`,
    [providerId, customerId],
  );
  return row?.address ?? null;
}

async function hasSentMail(tx: Tx, { providerId }: Context): Promise<boolean> {
  const [row] = await tx.sql<{ one: number }>("select 1 as one from hauswart.mail where provider_id = $1 and state = 'sent' limit 1", [
    providerId,
  ]);
  return row !== undefined;
}
