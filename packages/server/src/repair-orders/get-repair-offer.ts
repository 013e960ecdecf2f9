import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../context.ts";
import { contextOfLink, readOffer } from "./offer.ts";

/** What a link in an alarm mail offers. Looking orders nothing, however often programs follow it. Errors: LINK_INVALID. */
export async function getRepairOffer({ caller, input }: PublicVerb<Input<"getRepairOffer">>): Promise<Result<"getRepairOffer">> {
  const { services, address } = caller;
  const about = contextOfLink(services, input.token, address);
  const { offer } = await services.database.transaction(about.ctx, (tx) => readOffer(tx, about));
  return offer;
}
