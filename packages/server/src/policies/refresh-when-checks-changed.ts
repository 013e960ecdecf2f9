/** After an update of the server: devices run what the new checks say. */
import { createHash } from "node:crypto";
import { canonicalJson, storable } from "../audit/canonical.ts";
import { usualFlapping } from "@hauswart/protocol/usual-flapping.ts";
import { checksLimit, messageLimitBytes } from "@hauswart/protocol/wire/versions.ts";
import type { CheckRegistry, Services } from "../services.ts";
import { defaultsOf } from "./fold-settings.ts";
import { refreshAllDevices } from "./refresh-device-checks.ts";

/** Name of the row in `installation` that holds which checks the devices were last refreshed with. */
const rowName = "checks-digest";

/**
 * Refreshes every device when the declarations of the checks are not those of the last start. Before agents are let in, so that
 * none is told what no longer holds.
 * @returns whether it was needed.
 */
export async function refreshWhenChecksChanged(services: Services): Promise<boolean> {
  const digest = digestOf(services.checks);
  const known = await services.database.unwalled("which checks devices run", (tx) =>
    tx.sql<{ value: Buffer }>("select value from hauswart.installation where name = $1", [rowName]),
  );
  if (known[0]?.value.equals(digest)) return false;
  await refreshAllDevices(services);
  await services.database.unwalled("which checks devices run", (tx) =>
    tx.sql("insert into hauswart.installation (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", [
      rowName,
      digest,
    ]),
  );
  return true;
}

/** Over everything in the declarations, and of what is usual and what agents take, that decides about rows of check_instance. */
function digestOf(checks: CheckRegistry): Buffer {
  const decisive = [...checks.values()]
    .map(({ definition }) => {
      const { id, version, onByDefault, cycle, failuresBeforeFinding } = definition;
      return { id, version, onByDefault, cycle, failuresBeforeFinding, ...defaultsOf(definition) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return createHash("sha256")
    .update(canonicalJson(storable({ decisive, usualFlapping, checksLimit, messageLimitBytes })))
    .digest();
}
