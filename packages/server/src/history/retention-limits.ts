/** How long providers keep their samples. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";

export interface Retention {
  readonly rawSampleDays: number;
  readonly rollupMonths: number;
}

/** What each provider keeps: its own setting, or what was set by environment. */
export async function retentionByProvider({ database, settings }: Services): Promise<ReadonlyMap<Id, Retention>> {
  const rows = await database.unwalled("how long samples are kept", (tx) =>
    tx.sql<{ provider_id: Id; days: number | null; months: number | null }>(
      "select provider_id, (settings ->> 'rawSampleDays')::int as days, (settings ->> 'rollupMonths')::int as months from hauswart.provider",
    ),
  );
  return new Map(
    rows.map(({ provider_id, days, months }) => [
      provider_id,
      { rawSampleDays: days ?? settings.keepSamplesDays, rollupMonths: months ?? settings.keepRollupsMonths },
    ]),
  );
}

/** The longest that any provider keeps; what the settings say while there is none. */
export async function longestRetention(services: Services): Promise<Retention> {
  const all = [...(await retentionByProvider(services)).values()];
  const { keepSamplesDays, keepRollupsMonths } = services.settings;
  return {
    rawSampleDays: Math.max(...(all.length > 0 ? all.map(({ rawSampleDays }) => rawSampleDays) : [keepSamplesDays])),
    rollupMonths: Math.max(...(all.length > 0 ? all.map(({ rollupMonths }) => rollupMonths) : [keepRollupsMonths])),
  };
}
