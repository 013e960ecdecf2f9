import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../context.ts";
import { contextOfDrillLink, readLinkedDrill } from "./linked-drill.ts";

/** The drill that a link in a mail is about. Looking confirms nothing, however often programs follow it. Errors: LINK_INVALID. */
export async function getAlarmDrill({ caller, input }: PublicVerb<Input<"getAlarmDrill">>): Promise<Result<"getAlarmDrill">> {
  const { services, address } = caller;
  const { ctx, link } = contextOfDrillLink(services, input.token, address);
  const { notice } = await services.database.transaction(ctx, (tx) => readLinkedDrill(tx, ctx, link));
  return notice;
}
