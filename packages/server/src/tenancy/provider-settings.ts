/** The provider's settings: columns and jsonb of its row, defaults filled in. */
import { ProviderSettings } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { defaultRetention } from "../history/retention-limits.ts";

export type Settings = z.infer<typeof ProviderSettings>;

/** What holds until a provider says otherwise: what was set by environment, and the readings of the promises (5 minutes, 14 days). */
export function defaultProviderSettings(services: Context["services"]): Omit<Settings, "name" | "language" | "timeZone"> {
  return {
    mailFrom: services.settings.mailFrom,
    secondFactor: "off",
    ...defaultRetention(services),
    serverSilentMinutes: 5,
    workstationSilentDays: 14,
    noiseBudget: { noisePercent: 10, leastAWeek: 1, mostAWeek: 50 },
    asksSignedIn: true,
  };
}

interface Row {
  name: string;
  language: Settings["language"];
  time_zone: string;
  settings: Record<string, unknown>;
}

/** Reads the settings of a provider. Errors: NOT_FOUND. */
export async function readProviderSettings(tx: Tx, { services, providerId }: Pick<Context, "services" | "providerId">): Promise<Settings> {
  const [row] = await tx.sql<Row>("select name, language, time_zone, settings from hauswart.provider where provider_id = $1", [providerId]);
  if (!row) throw new HauswartError("NOT_FOUND");
  const own = { name: row.name, language: row.language, timeZone: row.time_zone };
  return ProviderSettings.parse({ ...defaultProviderSettings(services), ...row.settings, ...own });
}
