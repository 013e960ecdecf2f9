import { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { readCustomerTerms, showCustomerTerms } from "./customer-terms.ts";
import { keepDailyMailReaders } from "./daily-mail-readers.ts";

/** Changes what a customer was promised about alarms; what is left out stays. Orders keep the terms that they were placed on. Errors: FORBIDDEN, NOT_FOUND. */
export async function changeCustomerTerms({ ctx, input }: Verb<Input<"changeCustomerTerms">>): Promise<Result<"changeCustomerTerms">> {
  requireScope(ctx, "customers:write");
  const { customerId, ...change } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readCustomerTerms(tx, ctx.providerId, customerId, "for update");
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after = CustomerTerms.parse({ ...before, ...given });
    await tx.sql(
      `update hauswart.customer set terms = $3::text::jsonb, alarm_drill_since = case when $4 then coalesce(alarm_drill_since, $5::timestamptz) end
       where provider_id = $1 and customer_id = $2`,
      [ctx.providerId, customerId, JSON.stringify(after), after.alarmDrill, isoTime(ctx.services.clock.now())],
    );
    await keepDailyMailReaders(tx, ctx.providerId, customerId, after.dailyMail?.recipients.map(({ address }) => address) ?? []);
    await audit(tx, ctx, {
      action: "customer.change-terms",
      subject: { kind: "customer", id: customerId },
      customerId,
      detail: { before, change: given },
    });
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return showCustomerTerms(tx, ctx.providerId, customerId);
  });
}
