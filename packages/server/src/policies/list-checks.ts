import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { z } from "zod";
import type { Verb } from "../context.ts";

/** Every check that this server knows, by id. */
export async function listChecks({ ctx }: Verb<Input<"listChecks">>): Promise<Result<"listChecks">> {
  const items = [...ctx.services.checks.values()]
    .map(({ definition }) => referenceOf(definition))
    .sort((a, b) => (a.check < b.check ? -1 : 1));
  return { items, next: null };
}

function referenceOf(check: AnyCheck): Result<"listChecks">["items"][number] {
  const schema = (part: z.ZodType, io: "input" | "output") =>
    z.toJSONSchema(part, { io, unrepresentable: "any" }) as Record<string, unknown>;
  const { selection, judgement, sample } = check as { selection: z.ZodObject; judgement: z.ZodObject; sample: z.ZodObject };
  return {
    check: check.id,
    version: check.version,
    description: check.description,
    promises: [...check.promises],
    onByDefault: check.onByDefault,
    fromServer: check.fromServer ?? null,
    everySeconds: "everyMinutes" in check.cycle ? check.cycle.everyMinutes * 60 : 86_400,
    failuresBeforeFinding: check.failuresBeforeFinding,
    settingsSchema: schema(z.object({ ...selection.shape, ...judgement.shape }), "input"),
    sampleSchema: schema(sample, "output"),
    findings: Object.fromEntries(
      Object.entries(check.findings).map(([code, { description, raises }]) => [code, { description, raises: [...raises] }]),
    ),
  };
}
