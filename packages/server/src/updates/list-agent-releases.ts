import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { offeredOf, releaseShelf } from "./release-shelf.ts";
import { failedStates } from "./rollout.ts";
import { presentRollout, rolloutColumns, type StoredRollout } from "./rollout-row.ts";

interface CountRow {
  readonly version: string;
  readonly under_way: number;
  readonly confirmed: number;
  readonly failed: number;
}

/** Releases with their rollouts, and versions with their devices. Errors: FORBIDDEN. */
export async function listAgentReleases({ ctx }: Verb<Input<"listAgentReleases">>): Promise<Result<"listAgentReleases">> {
  requireScope(ctx, "settings:read");
  requireAllCustomers(ctx);
  const shelf = releaseShelf(ctx.services);
  await shelf.refresh();
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rollouts = await tx.sql<StoredRollout>(`select ${rolloutColumns} from hauswart.agent_rollout where provider_id = $1`, [
      ctx.providerId,
    ]);
    const counts = await tx.sql<CountRow>(
      `select version, count(*) filter (where state in ('offered', 'downloading', 'starting'))::int as under_way,
         count(*) filter (where state = 'confirmed')::int as confirmed, count(*) filter (where state = any($2::text[]))::int as failed
       from hauswart.device_update where provider_id = $1 and version is not null group by version`,
      [ctx.providerId, failedStates],
    );
    const versions = await tx.sql<{ version: string; devices: number }>(
      `select agent_version as version, count(*)::int as devices from hauswart.device
       where provider_id = $1 and kind = 'agent' and lifecycle = 'active' group by agent_version order by count(*) desc, agent_version desc limit 100`,
      [ctx.providerId],
    );
    const offered = offeredOf(shelf.releases, ctx.services.clock.now())?.manifest.version;
    const releases = shelf.releases.map(({ manifest }) => {
      const { version } = manifest;
      const rollout = rollouts.find((each) => each.version === version);
      const count = counts.find((each) => each.version === version);
      return {
        version,
        createdAt: new Date(manifest.createdAtMs).toISOString(),
        expiresAt: new Date(manifest.expiresAtMs).toISOString(),
        targets: manifest.files.map(({ target }) => target),
        // Nothing can be done about one that another took the place of.
        rollout: rollout ? presentRollout(offered && version !== offered ? { ...rollout, state: "finished" } : rollout) : null,
        underWay: count?.under_way ?? 0,
        confirmed: count?.confirmed ?? 0,
        failed: count?.failed ?? 0,
      };
    });
    return { releases, versions, problems: [...shelf.problems] };
  });
}
