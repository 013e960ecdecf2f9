import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { scarcestVolume } from "../operation/free-space.ts";
import { isoTime } from "../times.ts";
import { version } from "../version.ts";
import { overviewOfDevices } from "./overview-devices.ts";
import { overviewOfFindings, overviewOfMails } from "./overview-findings.ts";

/** What is broken, what is not known, what changed, and what the server has to say about itself. Errors: FORBIDDEN. */
export async function getOverview({ ctx, input }: Verb<Input<"getOverview">>): Promise<Result<"getOverview">> {
  requireScope(ctx, "devices:read");
  // Without the findings the overview would look better than the world is.
  requireScope(ctx, "findings:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    // Nothing here waits for the answer of another: the statements travel together.
    const [devices, findings, mails, startedAt, diskFreeBytes] = await Promise.all([
      overviewOfDevices(tx, ctx, input.customerId),
      overviewOfFindings(tx, ctx, input),
      overviewOfMails(tx, ctx),
      startOf(tx, ctx),
      freeBytes(ctx),
    ]);
    return { at: isoTime(ctx.services.clock.now()), ...devices, ...findings, server: { ...mails, startedAt, version, diskFreeBytes } };
  });
}

async function startOf(tx: Tx, { services }: Context): Promise<string> {
  const [row] = await tx.sql<{ started_at: Date }>("select started_at from hauswart.server_process where process_id = $1", [
    services.processId,
  ]);
  return isoTime(row?.started_at ?? services.clock.now());
}

/** Free space where the server keeps its data; null when that cannot be told, and for actors whom the server is none of their business. */
async function freeBytes({ services, customers }: Context): Promise<number | null> {
  if (customers !== "*") return null;
  try {
    return (await scarcestVolume(services.settings.dataDirectory)).freeBytes;
  } catch (error) {
    services.log.warn("the free space of the data folder could not be read", { error });
    return null;
  }
}
