import { once } from "node:events";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { pack, type Pack } from "tar-stream";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { readCustomer } from "../customer-row.ts";
import { exportMembers, type Member } from "./export-members.ts";

/** Everything of a customer as a tar archive, packed with gzip, made while it is read. Errors: FORBIDDEN, NOT_FOUND. */
export async function exportCustomer({ ctx, input }: Verb<Input<"exportCustomer">>): Promise<ReadableStream<Uint8Array>> {
  requireScope(ctx, "customers:write");
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { customerId } = input;
  await ctx.services.database.transaction(ctx, async (tx) => {
    const { name } = await readCustomer(tx, ctx, customerId);
    await audit(tx, ctx, { action: "customer.export", subject: { kind: "customer", id: customerId }, customerId, detail: { name } });
  });
  return archiveOf(exportMembers(ctx, customerId), (error) => ctx.services.log.error("an export broke off", { customerId, error }));
}

function archiveOf(members: AsyncGenerator<Member>, failed: (error: unknown) => void): ReadableStream<Uint8Array> {
  const tar = pack();
  const gzip = createGzip();
  tar.pipe(gzip);
  const write = async () => {
    for await (const { name, bytes } of members) {
      if (gzip.destroyed) return;
      await entry(tar, name, bytes);
      // The archive takes whatever it is given; the reader's pace is felt here.
      if (gzip.writableNeedDrain) await Promise.race([once(gzip, "drain"), once(gzip, "close")]);
    }
    tar.finalize();
  };
  write().catch((error: unknown) => {
    failed(error);
    // An archive that breaks off must not look like a whole one.
    gzip.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return Readable.toWeb(gzip) as unknown as ReadableStream<Uint8Array>;
}

function entry(tar: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name, size: bytes.length, mode: 0o600 }, bytes, (error) => (error ? reject(error) : resolve()));
  });
}
