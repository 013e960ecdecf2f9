/**
 * Secret settings (passwords, SNMP communities). Whoever sets one sends it once, as text. From then on everybody but the agent that
 * needs it sees a reference, and sends the reference back to leave the secret as it is.
 */
import type { AnyCheck } from "./check.ts";
import type { Id } from "./ids.ts";

const start = "sealed:";
const form = /^sealed:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** What stands for a secret wherever settings are stored or shown. */
export const secretReference = (secretId: Id): string => start + secretId;

/** The id in a reference; undefined for what is none. */
export function secretIdOf(value: unknown): Id | undefined {
  return typeof value === "string" ? form.exec(value)?.[1] : undefined;
}

/** Names of a check's secret settings. They stand in its selection: the server judges without them. */
export function secretSettingsOf(check: AnyCheck): string[] {
  const { shape } = check.selection as { shape: Readonly<Record<string, { meta?(): Record<string, unknown> | undefined }>> };
  return Object.keys(shape).filter((name) => shape[name]!.meta?.()?.["secret"] === true);
}
