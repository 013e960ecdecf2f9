/** Webhooks, for programs: the finding as the API shows it, signed. Their bodies are made by webhooks/queue-deliveries.ts. */
import type { HttpChannel } from "../channel.ts";
import { signatureHeaders } from "./signature.ts";

/** Gone (RFC 9110, section 15.5.11): the receiver wants no more. */
const goneStatus = 410;

export const webhookChannel: HttpChannel = {
  request: ({ url, secret, deliveryId, nowMs }, body) => ({
    url,
    headers: { ...signatureHeaders(secret, deliveryId, nowMs, body), "content-type": "application/json" },
    body,
  }),
  // Programs are mended by people; what was not delivered meanwhile is delivered then.
  verdictOf: (status) => (status === goneStatus ? "gone" : "deferred"),
};
