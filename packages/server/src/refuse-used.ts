/** What others work by is not deleted; the refusal names them. */
import type { Problem } from "@hauswart/protocol/api/route.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";

export type UserOfIt = NonNullable<Problem["usedBy"]>[number];

/** So many are named. */
export const mostUsersNamed = 20;

/** Errors: IN_USE when there is anybody. */
export function refuseUsed(users: readonly UserOfIt[]): void {
  if (users.length === 0) return;
  const usedBy = users.slice(0, mostUsersNamed);
  throw new HauswartError("IN_USE", `Used by: ${usedBy.map(({ name }) => name).join(", ")}.`, { usedBy });
}
