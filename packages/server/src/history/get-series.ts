import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime } from "../times.ts";
import { dayMs } from "./hours.ts";
import { readSeries } from "./read-series.ts";

/** Longest span of a graph: what roll-ups can be kept for. */
const longestSpanMs = 3_660 * dayMs;

/** Values of a check instance over time. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (a span that is empty or too long). */
export async function getSeries({ ctx, input }: Verb<Input<"getSeries">>): Promise<Result<"getSeries">> {
  requireScope(ctx, "devices:read");
  const [fromMs, toMs] = [Date.parse(input.from), Date.parse(input.to)];
  if (toMs <= fromMs || toMs - fromMs > longestSpanMs)
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "query.to", message: "Must be later than `from`, by ten years at most." }],
    });
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [instance] = await tx.sql<{ check_id: string; every_seconds: number; rolled_up_ms: number | null }>(
      `select check_id, every_seconds, (select (extract(epoch from through) * 1000)::float8 from hauswart.history_progress where chore = 'roll-up') as rolled_up_ms
       from hauswart.check_instance where provider_id = $1 and device_id = $2 and number = $3`,
      [ctx.providerId, input.deviceId, input.number],
    );
    if (!instance) throw new HauswartError("NOT_FOUND");
    const { rawSampleDays } = await readProviderSettings(tx, ctx);
    const { stepSeconds, series } = await readSeries(tx, ctx.services, {
      providerId: ctx.providerId,
      deviceId: input.deviceId,
      checkNumber: input.number,
      checkId: instance.check_id,
      everySeconds: instance.every_seconds,
      fromMs,
      toMs,
      field: input.field,
      subject: input.subject,
      samplesFromMs: ctx.services.clock.now() - rawSampleDays * dayMs,
      rolledUpMs: instance.rolled_up_ms ?? 0,
    });
    return { check: input.number, from: isoTime(fromMs), to: isoTime(toMs), stepSeconds, series };
  });
}
