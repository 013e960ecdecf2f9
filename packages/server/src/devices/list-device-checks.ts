import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { z } from "zod";
import type { WorkingCalendar } from "@hauswart/protocol/check.ts";
import { requireScope } from "../access/require-scope.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import type { Context, Verb } from "../context.ts";
import { effectiveState } from "../evaluate/effective-state.ts";
import { dampingSaid } from "../policies/damping-of.ts";
import { decodeCursor, pageOf } from "../paging.ts";
import { presentSources, type PresentSource } from "../policies/present-sources.ts";
import { isoTimeOrNull } from "../times.ts";
import { readDeviceChecks, type DeviceCheckRow } from "./check-row.ts";
import { readDevice } from "./device-row.ts";
import { newestVerdicts } from "./newest-verdicts.ts";

const checkKey = z.tuple([z.string().max(64), z.string().max(128)]);

/**
 * Checks of a device by id: state with its evidence and the evidence's age, effective settings and where each comes from.
 * Errors: FORBIDDEN, NOT_FOUND.
 */
export async function listDeviceChecks({ ctx, input }: Verb<Input<"listDeviceChecks">>): Promise<Result<"listDeviceChecks">> {
  requireScope(ctx, "devices:read");
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const device = await readDevice(tx, ctx, input.deviceId);
    const rows = await readDeviceChecks(tx, ctx.providerId, input.deviceId, decodeCursor(input.cursor, checkKey), input.limit + 1);
    const present = await presentSources(
      tx,
      ctx,
      rows.flatMap(({ sources }) => Object.values(sources)),
    );
    const isPresent = device.presence.state === "present";
    const calendar = calendars.workingTime(device, "service");
    return pageOf(
      rows,
      input.limit,
      (row) => [row.check_id, row.instance],
      (row) => presentCheck({ ctx, isDevicePresent: isPresent, presentSource: present, calendar }, row),
    );
  });
}

interface Presentation {
  readonly ctx: Context;
  readonly isDevicePresent: boolean;
  readonly presentSource: PresentSource;
  /** Of the place where the device stands. */
  readonly calendar: WorkingCalendar;
}

function presentCheck(presentation: Presentation, row: DeviceCheckRow): DeviceCheck {
  const { ctx, isDevicePresent, presentSource } = presentation;
  const effective = effectiveState({
    state: row.state,
    unknownReason: row.unknown_reason,
    unknownDetail: row.unknown_detail,
    stateSinceMs: row.state_since?.getTime() ?? null,
    evidenceAtMs: row.evidence_at?.getTime() ?? null,
    everySeconds: row.every_seconds,
    dailyAtHour: row.daily_at_hour,
    isDevicePresent,
    nowMs: ctx.services.clock.now(),
  });
  const common = { everySeconds: row.every_seconds, dailyAtHour: row.daily_at_hour, failuresBeforeFinding: row.failures_before_finding };
  return {
    number: row.number,
    check: row.check_id,
    instance: row.instance,
    state: effective.state,
    unknownReason: effective.unknownReason,
    unknownDetail: effective.unknownDetail,
    since: isoTimeOrNull(effective.sinceMs),
    evidenceAt: isoTimeOrNull(row.evidence_at),
    evidenceSource: "agent",
    freshForSeconds: effective.freshForSeconds,
    everySeconds: row.every_seconds,
    subjects: subjectsOf(presentation, row, effective.unknownReason !== null),
    settings: { ...common, ...dampingSaid(row.damping), ...row.selection, ...row.judgement },
    sources: Object.fromEntries(Object.entries(row.sources).map(([name, source]) => [name, presentSource(source)])),
  };
}

/** Of a check that is unknown the last known values are shown, but nothing is said to be good. */
function subjectsOf({ ctx, calendar }: Presentation, row: DeviceCheckRow, isUnknown: boolean): DeviceCheck["subjects"] {
  try {
    return newestVerdicts(ctx.services.checks, row, calendar).map(({ code, subject, state, evidence }) => ({
      code,
      subject,
      state: isUnknown ? "unknown" : state,
      evidence,
    }));
  } catch (error) {
    ctx.services.log.error("the newest sample of a check could not be judged again", { check: row.check_id, number: row.number, error });
    return [];
  }
}
