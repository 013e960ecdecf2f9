import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";

const unused = `provider_id = $1 and not exists (
    select from hauswart.check_settings_period p where p.provider_id = s.provider_id and p.settings_key = s.settings_key)
  and not exists (select from hauswart.check_instance c where c.provider_id = s.provider_id and c.judged_key = s.settings_key)`;

/**
 * Drops settings by which nothing that is kept was judged. They name what was measured (the address of a website), so they go with the
 * last device that had them. @returns how many
 */
export async function forgetUnusedSettings({ database }: Pick<Services, "database">, providerId: Id): Promise<number> {
  const found = await database.unwalled("settings that nothing was judged by", (tx) =>
    tx.sql<{ settings_key: string }>(`select settings_key from hauswart.check_settings s where ${unused}`, [providerId]),
  );
  if (found.length === 0) return 0;
  return database.unwalled("forget settings", async (tx) => {
    // A commit that finds settings there names them without a lock of its row; the deletion comes before or after all of it.
    await tx.sql("lock table hauswart.check_settings in share row exclusive mode");
    const gone = await tx.sql(`delete from hauswart.check_settings s where settings_key = any($2::text[]) and ${unused} returning 1`, [
      providerId,
      found.map(({ settings_key }) => settings_key),
    ]);
    return gone.length;
  });
}
