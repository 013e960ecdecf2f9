import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { useTexts } from "../../texts/texts.tsx";

/** Who, in words: the name, and what it is where it is not a person. */
export function useActorWords(): (actor: ItemOf<"listAudit">["actor"]) => string {
  const texts = useTexts();
  const kinds: Record<string, string> = texts.audit.actorKinds;
  return ({ kind, name }) => (kind === "technician" ? name : `${kinds[kind] ?? kind}: ${name}`);
}
