/** What the very first start prepares, so that a newcomer sees their own computer and its alarms without a click. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { FirstOwner } from "./access/ensure-first-owner.ts";
import { systemContext, type Context } from "./context.ts";
import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
import { createRecipient } from "./routing/recipients/create-recipient.ts";
import type { DemoToken } from "./server-report.ts";
import type { Services } from "./services.ts";
import { createCustomer } from "./tenancy/create-customer.ts";
import { createEnrolmentToken } from "./tenancy/create-enrolment-token.ts";
import { createSite } from "./tenancy/create-site.ts";

/** The house itself as its first customer. A person renames it in the console. */
export const ownCustomerName = "Eigene Geräte";
const ownSiteName = "Hauptsitz";

const startContext = (services: Services, providerId: Id): Context => systemContext(services, providerId, "start");

/** Alarm mails of all customers go to the first owner until somebody says otherwise. Without a mail server they are kept in the outbox. */
export async function prepareFirstRecipient(services: Services, { providerId, created }: FirstOwner): Promise<void> {
  if (!created) return;
  const address = created.email;
  await createRecipient({
    ctx: startContext(services, providerId),
    input: NewRecipient.parse({ address }),
  });
}

/** A token, good for ten minutes and one use, with which this very computer is enrolled. Makes the house's own customer and site when they are missing. */
export async function makeOwnEnrolmentToken(services: Services, providerId: Id): Promise<string> {
  const ctx = startContext(services, providerId);
  const siteId = (await findOwnSite(ctx)) ?? (await makeOwnSite(ctx));
  const { token } = await createEnrolmentToken({ ctx, input: { siteId, role: "server", uses: 1, validHours: 1 / 6 } });
  return token;
}

/** The first site of the oldest customer: the one made by the first start, whatever it is called by now. */
async function findOwnSite(ctx: Context): Promise<Id | undefined> {
  const [row] = await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql<{ site_id: Id }>(
      "select site_id from hauswart.site join hauswart.customer using (provider_id, customer_id) where provider_id = $1 and removed_at is null order by customer.created_at, site.created_at limit 1",
      [ctx.providerId],
    ),
  );
  return row?.site_id;
}

async function makeOwnSite(ctx: Context): Promise<Id> {
  const { customerId } = await createCustomer({ ctx, input: { name: ownCustomerName, language: "de", timeZone: null } });
  const { siteId } = await createSite({ ctx, input: { customerId, name: ownSiteName, timeZone: null } });
  return siteId;
}

/** The demonstration's customers with their sites. The names are made up of what they do, so that nobody is meant. */
const demoCustomers = [
  { name: "Tischlerei am Park", sites: ["Werkstatt"] },
  { name: "Steuerkanzlei Nord", sites: ["Kanzlei", "Zweigstelle"] },
  { name: "Maschinenbau Muster GmbH", sites: ["Verwaltung", "Werk"] },
] as const;

/** Makes the demonstration's customers and one token for each site and role. Called once; the simulator keeps its devices. */
export async function makeDemoTokens(services: Services, providerId: Id, devicesPerToken: number): Promise<DemoToken[]> {
  const ctx = startContext(services, providerId);
  const tokens: DemoToken[] = [];
  let site = 0;
  for (const { name, sites } of demoCustomers) {
    const { customerId } = await createCustomer({ ctx, input: { name, language: "de", timeZone: null } });
    for (const siteName of sites) {
      const { siteId } = await createSite({ ctx, input: { customerId, name: siteName, timeZone: null } });
      for (const role of ["workstation", "server"] as const) {
        const { token } = await createEnrolmentToken({ ctx, input: { siteId, role, uses: devicesPerToken, validHours: 1 } });
        tokens.push({ role, site, token });
      }
      site++;
    }
  }
  return tokens;
}
