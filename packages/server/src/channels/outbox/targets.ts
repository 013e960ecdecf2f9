/** Where a delivery goes: its recipient's or webhook's address, with the secrets opened. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../../services.ts";
import type { SealedPlace } from "../../secrets/sealed-box.ts";
import { openSecret } from "../../webhooks/stored-secret.ts";
import type { ChannelTarget, HttpChannelName } from "../channel.ts";
import type { PushSecret } from "../push/channel.ts";

export const recipientSecretPlace = (providerId: Id, recipientId: Id): SealedPlace => ({
  table: "recipient",
  row: `${providerId}/${recipientId}`,
});
export const pushAuthPlace = (providerId: Id, subscriptionId: Id): SealedPlace => ({
  table: "push_subscription",
  row: `${providerId}/${subscriptionId}`,
});
export const pushKeyPlace = (providerId: Id): SealedPlace => ({ table: "push_key", row: providerId });

/** Columns of the tables that a delivery's address is made from. */
export interface TargetRow {
  provider_id: Id;
  delivery_id: Id;
  channel: HttpChannelName;
  webhook_id: Id | null;
  webhook_url: string | null;
  webhook_secret: string | null;
  recipient_id: Id | null;
  address: string | null;
  recipient_secret: Buffer | null;
  reaches_inside: boolean | null;
  push_subscription_id: Id | null;
  endpoint: string | null;
  p256dh: string | null;
  push_auth: Buffer | null;
  public_key: string | null;
  private_key: Buffer | null;
}

export const targetColumns = `webhook.url as webhook_url, webhook.secret as webhook_secret, recipient.address, recipient.secret as recipient_secret, recipient.reaches_inside,
  push.endpoint, push.p256dh, push.auth as push_auth, push_key.public_key, push_key.private_key`;

/** @param delivery name or alias of the delivery's row */
export const targetJoins = (delivery: string) => `
  left join hauswart.webhook on webhook.provider_id = ${delivery}.provider_id and webhook.webhook_id = ${delivery}.webhook_id
  left join hauswart.recipient on recipient.provider_id = ${delivery}.provider_id and recipient.recipient_id = ${delivery}.recipient_id
  left join hauswart.push_subscription push on push.provider_id = ${delivery}.provider_id and push.push_subscription_id = ${delivery}.push_subscription_id
  left join hauswart.push_key on push_key.provider_id = ${delivery}.provider_id`;

/** @returns undefined when what it was for is gone (a browser that was taken off the list). @throws SealedValueError */
export function targetOf({ secrets, settings, clock }: Services, row: TargetRow): ChannelTarget | undefined {
  const about = { deliveryId: row.delivery_id, nowMs: clock.now() };
  switch (row.channel) {
    case "webhook":
      if (row.webhook_id === null || row.webhook_url === null || row.webhook_secret === null) return undefined;
      return {
        ...about,
        url: row.webhook_url,
        secret: openSecret(secrets, row.provider_id, row.webhook_id, row.webhook_secret),
        reachesInside: true,
      };
    case "teams":
    case "ntfy": {
      if (row.recipient_id === null || row.address === null) return undefined;
      const secret = row.recipient_secret
        ? secrets.open(row.recipient_secret, recipientSecretPlace(row.provider_id, row.recipient_id)).toString("utf8")
        : "";
      const reachesInside = row.reaches_inside ?? false;
      return row.channel === "teams"
        ? { ...about, url: secret, secret: "", reachesInside }
        : { ...about, url: row.address, secret, reachesInside };
    }
    case "push":
      return pushTarget(row, about, secrets, settings.url);
  }
}

function pushTarget(
  row: TargetRow,
  about: Pick<ChannelTarget, "deliveryId" | "nowMs">,
  secrets: Services["secrets"],
  subject: string,
): ChannelTarget | undefined {
  const { push_subscription_id: id, endpoint, p256dh, push_auth: auth, public_key: publicKey, private_key: privateKey } = row;
  if (id === null || endpoint === null || p256dh === null || auth === null || publicKey === null || privateKey === null) return undefined;
  const secret: PushSecret = {
    p256dh,
    auth: secrets.open(auth, pushAuthPlace(row.provider_id, id)).toString("utf8"),
    publicKey,
    privateKey: secrets.open(privateKey, pushKeyPlace(row.provider_id)).toString("utf8"),
    // web-push takes https and mailto alone; a console without TLS is tried at home and nowhere else.
    subject: subject.startsWith("https:") ? subject : "mailto:hauswart@localhost",
  };
  // Push services of browsers stand in the open; the endpoint is what a browser, or somebody who plays one, has said.
  return { ...about, url: endpoint, secret: JSON.stringify(secret), reachesInside: false };
}
