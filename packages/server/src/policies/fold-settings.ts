/** Lays the settings of policies over a check's defaults and keeps what the check takes. Pure. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { z } from "zod";
import { defaultSource, type Source } from "./source.ts";

/** A value that a check does not take. */
export interface SettingsProblem {
  readonly policyId: string;
  readonly check: string;
  readonly instance: string;
  /** Name of the setting; empty when each value is fine but they do not go together. */
  readonly setting: string;
  readonly message: string;
}

/** The settings of one policy for one check instance. */
export interface Layer {
  readonly source: Source;
  readonly policyId: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Folded {
  readonly selection: Readonly<Record<string, unknown>>;
  readonly judgement: Readonly<Record<string, unknown>>;
  /** By name of the setting. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly problems: readonly SettingsProblem[];
}

type Shape = Readonly<Record<string, z.ZodType>>;
type Part = "selection" | "judgement";
const parts = ["selection", "judgement"] as const;

/** A part of a check's settings as a schema; the platform knows no more of it. */
const schemaOf = (definition: AnyCheck, part: Part) => definition[part] as z.ZodObject;

/** A check's own values of both parts. */
export function defaultsOf(definition: AnyCheck): Record<Part, Record<string, unknown>> {
  return { selection: schemaOf(definition, "selection").parse({}), judgement: schemaOf(definition, "judgement").parse({}) };
}

/** The schema of one setting, and whether it steers the agent or the server; undefined when the check has no such setting. */
export function settingOf(definition: AnyCheck, name: string): { part: Part; schema: z.ZodType } | undefined {
  for (const part of parts) {
    const shape: Shape = schemaOf(definition, part).shape;
    if (Object.hasOwn(shape, name)) return { part, schema: shape[name]! };
  }
  return undefined;
}

/** Folds the layers in their order. A value, or a whole layer whose values do not go together, is left out and reported. */
export function foldSettings(definition: AnyCheck, instance: string, layers: readonly Layer[]): Folded {
  let values = defaultsOf(definition);
  const sources: Record<string, Source> = {};
  for (const name of [...Object.keys(values.selection), ...Object.keys(values.judgement)]) sources[name] = defaultSource;
  const problems: SettingsProblem[] = [];
  for (const { source, policyId, settings } of layers) {
    const about = { policyId, check: definition.id, instance };
    const taken = takeEach(definition, settings, (setting, message) => problems.push({ ...about, setting, message }));
    const next = { selection: { ...values.selection, ...taken.selection }, judgement: { ...values.judgement, ...taken.judgement } };
    const clash = clashOf(definition, next);
    if (clash !== undefined) {
      problems.push({ ...about, setting: "", message: clash });
      continue;
    }
    values = next;
    for (const name of [...Object.keys(taken.selection), ...Object.keys(taken.judgement)]) sources[name] = source;
  }
  return { ...values, sources, problems };
}

function takeEach(
  definition: AnyCheck,
  settings: Readonly<Record<string, unknown>>,
  refuse: (setting: string, message: string) => void,
): Record<Part, Record<string, unknown>> {
  const taken: Record<Part, Record<string, unknown>> = { selection: {}, judgement: {} };
  for (const [name, value] of Object.entries(settings)) {
    const setting = settingOf(definition, name);
    const parsed = setting?.schema.safeParse(value);
    if (!setting || !parsed) refuse(name, "The check has no such setting.");
    else if (!parsed.success) refuse(name, parsed.error.issues.map(({ message }) => message).join("; "));
    else taken[setting.part][name] = parsed.data;
  }
  return taken;
}

/** What speaks against the values together: a rule between two settings, such as "warning before failure". */
function clashOf(definition: AnyCheck, values: Record<Part, Record<string, unknown>>): string | undefined {
  const issues = parts.flatMap((part) => schemaOf(definition, part).safeParse(values[part]).error?.issues ?? []);
  return issues.length === 0
    ? undefined
    : issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message)).join("; ");
}
