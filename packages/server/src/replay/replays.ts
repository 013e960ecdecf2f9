/** The replays that this process works on: one after the other, each with a helper process of its own. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import type { Context } from "../context.ts";
import { compileChecks, type CompiledChecks } from "../ingest/compiled-checks.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { replayInChild, type MakeReplayer } from "./replayer.ts";
import type { PlannedGroup } from "./replay-plan.ts";
import { runReplay } from "./run-replay.ts";

export interface ReplayOrder {
  /** Whose rights it runs with: nobody sees more by a replay than without one. */
  readonly ctx: Context;
  readonly replayId: Id;
  readonly check: string;
  readonly groups: readonly PlannedGroup[];
  readonly fromMs: number;
  readonly toMs: number;
}

export class Replays {
  private last: Promise<void> = Promise.resolve();
  private readonly checks: CompiledChecks;
  private readonly makeReplayer: MakeReplayer;

  constructor(checks: CompiledChecks, makeReplayer: MakeReplayer = replayInChild) {
    this.checks = checks;
    this.makeReplayer = makeReplayer;
  }

  /** Works it off when those before it are done. What goes wrong stands in its row and in the log. */
  start(order: ReplayOrder): void {
    this.last = this.last.then(() => this.work(order));
  }

  /** Waits for all that were started. */
  idle(): Promise<void> {
    return this.last;
  }

  private async work(order: ReplayOrder): Promise<void> {
    const { log } = order.ctx.services;
    try {
      // Given up while it waited.
      if (!(await setProgress(order, 0))) return;
      const replayer = this.makeReplayer();
      try {
        const { ctx: tenant, groups, fromMs, toMs } = order;
        const result = await runReplay({
          database: tenant.services.database,
          tenant,
          check: this.checks.get(order.check)!,
          groups,
          fromMs,
          toMs,
          replayer,
          calendars: await calendarsOf(tenant.services, tenant.providerId),
          progress: (done) => setProgress(order, done),
        });
        if (result) await finish(order, "done", result);
      } finally {
        replayer.end();
      }
    } catch (error) {
      log.error("a replay failed", { replayId: order.replayId, check: order.check, error });
      await finish(order, "failed", null).catch((told: unknown) => log.error("that a replay failed could not be written", { error: told }));
    }
  }
}

/** @returns whether it is still wanted. */
async function setProgress({ ctx, replayId }: ReplayOrder, devicesDone: number): Promise<boolean> {
  const rows = await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql(
      `update hauswart.policy_replay set state = 'running', devices_done = $3, alive_at = $4
       where provider_id = $1 and replay_id = $2 and state in ('waiting', 'running') returning 1`,
      [ctx.providerId, replayId, devicesDone, isoTime(ctx.services.clock.now())],
    ),
  );
  return rows.length > 0;
}

async function finish({ ctx, replayId }: ReplayOrder, state: "done" | "failed", result: unknown): Promise<void> {
  await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql(
      `update hauswart.policy_replay set state = $3, result = $4::text::jsonb, devices_done = devices
       where provider_id = $1 and replay_id = $2 and state = 'running'`,
      [ctx.providerId, replayId, state, result === null ? null : JSON.stringify(result)],
    ),
  );
}

const known = new WeakMap<Services, Replays>();

/** The replays of this server process. */
export function replaysOf(services: Services): Replays {
  const replays = known.get(services) ?? new Replays(compileChecks(services.checks));
  known.set(services, replays);
  return replays;
}

/** For tests, whose checks no other process knows. */
export function useReplays(services: Services, replays: Replays): Replays {
  known.set(services, replays);
  return replays;
}
