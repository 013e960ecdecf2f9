/**
 * An enrolment that an installer wants: kept in the agent's own folder until the service has carried it out. The network may not be
 * there yet when a computer is set up, and nobody waits at its keyboard.
 */
import * as z from "zod/mini";
import type { DataDirectory } from "../state/data-directory.ts";

export const orderFileName = "enrolment-order.json";

const EnrolmentOrder = z.object({
  server: z.url(),
  token: z.string().check(z.minLength(1)),
  name: z.optional(z.string()),
  proxy: z.optional(z.string()),
  /** Certificates (PEM) to trust besides the well-known ones. */
  certificates: z.optional(z.string()),
});
export type EnrolmentOrder = z.infer<typeof EnrolmentOrder>;

export function writeOrder(data: DataDirectory, order: EnrolmentOrder): void {
  data.ensure();
  data.writeText(orderFileName, JSON.stringify(order));
}

/** The order; undefined when there is none. Throws StateFileError when it is damaged. */
export function readOrder(data: DataDirectory): EnrolmentOrder | undefined {
  return data.readJson(orderFileName, EnrolmentOrder);
}

export function removeOrder(data: DataDirectory): void {
  data.remove(orderFileName);
}
