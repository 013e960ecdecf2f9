/** A break-glass code asked for at the command line, of a server that runs or of one that does not. */
import { newId } from "@hauswart/protocol/ids.ts";
import { requireServerHere, withDatabaseHere } from "../../backup/backup-here.ts";
import { inProcessBus } from "../../bus/in-process.ts";
import { systemClock } from "../../clock.ts";
import { loadIdentity } from "../../identity.ts";
import type { Logger } from "../../operation/log.ts";
import { makeMetrics } from "../../operation/metrics.ts";
import { loadSealedBox } from "../../secrets/master-key.ts";
import type { Settings } from "../../settings.ts";
import { makeBreakGlassCode, type BreakGlass } from "./break-glass.ts";

export interface BreakGlassHereOptions {
  readonly settings: Settings;
  /** Whose code; may be left out where there is one owner alone. */
  readonly email: string | undefined;
  readonly log: Logger;
  readonly progress: (step: string) => void;
}

/** Throws BackupError where there is no server. */
export async function breakGlassHere({ settings, email, log, progress }: BreakGlassHereOptions): Promise<BreakGlass> {
  requireServerHere(settings);
  return withDatabaseHere({ settings, log, progress }, async (database) => {
    const secrets = await loadSealedBox(settings, database);
    const services = {
      processId: newId(),
      settings,
      database,
      bus: inProcessBus(log),
      clock: systemClock,
      log,
      metrics: makeMetrics(),
      checks: new Map(),
      identity: await loadIdentity(database, secrets),
      secrets,
    };
    return makeBreakGlassCode(services, email);
  });
}
