/** The process that judges stored samples again (replayer.ts starts it). It has no database and no network, only what it is sent. */
import judgedChecks from "@hauswart/features/registry/server.ts";
import { compileChecks } from "../ingest/compiled-checks.ts";
import { replayRound, type RoundAnswer, type RoundMessage } from "./replayer.ts";

const checks = compileChecks(new Map(judgedChecks.map((check) => [check.definition.id, check])));

process.on("message", ({ id, round }: RoundMessage) => {
  let answer: RoundAnswer;
  try {
    answer = { id, outcomes: replayRound(checks, round) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answer);
});
process.on("disconnect", () => process.exit(0));
