/** Checks made ready for the hot path: schema, codec and judge of each, looked up once per configuration and not per sample. */
import type { AnyCheck, Judge } from "@hauswart/protocol/check.ts";
import { compileMomentMove } from "@hauswart/protocol/device-moments.ts";
import { compileCodec, type SampleCodec } from "@hauswart/protocol/sample-codec.ts";
import { compile, type z } from "zod";
import type { CheckRegistry } from "../services.ts";

/** Which points a judge may look back on. */
export interface CompiledHistory {
  readonly fields: ReadonlySet<string>;
  readonly stepMs: number;
  readonly keepMs: number;
}

export interface CompiledCheck {
  readonly definition: AnyCheck;
  /** The sample's schema, compiled to one function: a fifth of the time (measured with the first checks). */
  readonly schema: z.ZodType<Record<string, unknown>>;
  readonly judge: Judge<AnyCheck>;
  readonly codec: SampleCodec;
  readonly history: CompiledHistory | undefined;
  /** Undefined where samples hold no moment of the device's clock. */
  readonly moveMoments: ReturnType<typeof compileMomentMove>;
}

export type CompiledChecks = ReadonlyMap<string, CompiledCheck>;

/** Compiles every check of the registry. Throws on a declaration that cannot be stored; the server does not start then. */
export function compileChecks(registry: CheckRegistry): CompiledChecks {
  return new Map(
    [...registry].map(([id, { definition, judge }]) => [
      id,
      {
        definition,
        schema: compile(definition.sample as z.ZodType<Record<string, unknown>>),
        judge,
        codec: compileCodec(definition) as SampleCodec,
        history: compileHistory(definition),
        moveMoments: compileMomentMove(definition.sample as z.ZodType),
      },
    ]),
  );
}

function compileHistory({ history }: AnyCheck): CompiledHistory | undefined {
  if (!history) return undefined;
  return { fields: new Set(history.fields), stepMs: history.stepMinutes * 60_000, keepMs: history.hours * 3_600_000 };
}
