/** How long providers keep things: their own settings, else what was set by environment, else what is usual. */
import { retentionLimits, type RetentionKey } from "@hauswart/protocol/api/retention.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";

/** Days and months; each key says which. */
export type Retention = Readonly<Record<RetentionKey, number>>;

/** What holds for providers who have not chosen. */
export function defaultRetention({ settings }: Pick<Services, "settings">): Retention {
  const usual = Object.fromEntries(Object.entries(retentionLimits).map(([key, limit]) => [key, limit.usual])) as Record<
    RetentionKey,
    number
  >;
  return { ...usual, rawSampleDays: settings.keepSamplesDays, rollupMonths: settings.keepRollupsMonths };
}

/** What each provider keeps. */
export async function retentionByProvider(services: Services): Promise<ReadonlyMap<Id, Retention>> {
  const rows = await services.database.unwalled("how long things are kept", (tx) =>
    tx.sql<{ provider_id: Id; settings: Readonly<Record<string, unknown>> }>("select provider_id, settings from hauswart.provider"),
  );
  const usual = defaultRetention(services);
  return new Map(rows.map(({ provider_id, settings }) => [provider_id, ownRetention(usual, settings)]));
}

function ownRetention(usual: Retention, settings: Readonly<Record<string, unknown>>): Retention {
  const entries = Object.entries(usual).map(([key, value]) => [key, typeof settings[key] === "number" ? settings[key] : value]);
  return Object.fromEntries(entries) as Retention;
}

/** The longest that any provider keeps samples; what the settings say while there is none. */
export async function longestRetention(services: Services): Promise<Pick<Retention, "rawSampleDays" | "rollupMonths">> {
  const all = [...(await retentionByProvider(services)).values()];
  const kept = all.length > 0 ? all : [defaultRetention(services)];
  return {
    rawSampleDays: Math.max(...kept.map(({ rawSampleDays }) => rawSampleDays)),
    rollupMonths: Math.max(...kept.map(({ rollupMonths }) => rollupMonths)),
  };
}
