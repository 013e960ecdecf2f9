/** Whose the browsers are that take messages. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext, type Context } from "../../context.ts";

/** Messages are for people; a key has no browser. Errors: FORBIDDEN. */
export function requirePerson({ actor }: Context): Id {
  if (actor.kind !== "technician") throw new HauswartError("FORBIDDEN", "Only a person has browsers that take messages.");
  return actor.id;
}

/** The rows are one's own, whatever customers one reaches. */
export const ownContext = (ctx: Context): Context => ({
  ...systemContext(ctx.services, ctx.providerId, "push"),
  actor: ctx.actor,
  address: ctx.address,
});
