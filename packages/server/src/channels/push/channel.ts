/**
 * Messages to a person's browsers (Web Push, RFC 8030), encrypted for the one browser (RFC 8291) and signed by the house (RFC 8292).
 * The push service in between learns neither words nor addresses; what is in them is no secret on the reader's own screen either:
 * title, place and where to click.
 */
import webpush from "web-push";
import type { PersonChannel } from "../channel.ts";

/** What is needed to speak to one browser; kept together as the target's secret. */
export interface PushSecret {
  readonly p256dh: string;
  readonly auth: string;
  readonly publicKey: string;
  readonly privateKey: string;
  /** Whom the push service may ask: the console's address (RFC 8292, section 2.1). */
  readonly subject: string;
}

/** An alarm that nobody has seen for a day is told by other means. */
const lifeSeconds = 86_400;

export const pushChannel: PersonChannel = {
  compose({ title, tone, items, more, link, tag }) {
    const body =
      items.length === 1 ? [items[0]!.where, items[0]!.facts[0]?.text] : items.slice(0, 3).map((item) => `${item.state}: ${item.title}`);
    return JSON.stringify({
      title,
      body: [...body, more].filter(Boolean).join("\n").slice(0, 500),
      path: new URL(link).pathname,
      tag,
      tone,
    });
  },
  request({ url, secret }, body) {
    const { p256dh, auth, publicKey, privateKey, subject } = JSON.parse(secret) as PushSecret;
    const details = webpush.generateRequestDetails({ endpoint: url, keys: { p256dh, auth } }, body, {
      vapidDetails: { subject, publicKey, privateKey },
      TTL: lifeSeconds,
      urgency: "high",
      contentEncoding: "aes128gcm",
    });
    const headers = Object.fromEntries(Object.entries(details.headers).map(([name, value]) => [name, String(value)]));
    return { url: details.endpoint, headers, body: details.body ?? "" };
  },
  // RFC 8030, section 7.3: the subscription has ended.
  verdictOf: (status) => (status === 404 || status === 410 ? "gone" : status >= 500 || status === 429 ? "deferred" : "refused"),
};
