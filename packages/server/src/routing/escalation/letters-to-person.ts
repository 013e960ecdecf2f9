/** A mail to somebody on call, and a message on each channel that the person has chosen for being on call. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { Letter } from "../../mail/compose/decide.ts";
import type { Person } from "../rotas.ts";

export async function lettersToPerson(
  tx: Tx,
  providerId: Id,
  { accountId, email, language }: Person,
  letter: Pick<Letter, "fromSeverity" | "items">,
): Promise<Letter[]> {
  const key = email.toLowerCase();
  const channels = await tx.sql<{ recipient_id: Id; channel: Letter["channel"]; address: string }>(
    "select recipient_id, channel, address from hauswart.recipient where provider_id = $1 and account_id = $2 and on_call_only order by recipient_id",
    [providerId, accountId],
  );
  const all = { ...letter, circle: "provider" as const, language };
  return [
    { ...all, channel: "mail", readers: [{ key, address: email, recipientId: null }] },
    ...channels
      .filter(({ channel, address }) => channel !== "mail" || address.toLowerCase() !== key)
      .map(({ recipient_id, channel, address }) => ({
        ...all,
        channel,
        readers: [{ key: channel === "mail" ? address.toLowerCase() : recipient_id, address, recipientId: recipient_id }],
      })),
  ];
}
