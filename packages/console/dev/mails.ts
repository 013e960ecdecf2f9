/** Mails of the double: in every state, with a body that tries to reach out and must not. */
import cards from "@hauswart/features/registry/console.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { checkTextsFor } from "../src/features/check-texts.ts";
import type { World } from "./world.ts";

type Mail = ResponseOf<"getMail">;
const format = formatFor("de", "Europe/Berlin");
/** Texts of the checks, as the double's server says them. */
export const textsOf = checkTextsFor(cards, "de", format);

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A mail that leaves at once, or is kept when there is no mail server. */
export function mailAbout(
  world: World,
  { address, customerId, subject, text }: { address: string; customerId: string | null; subject: string; text: string },
): Mail {
  const at = new Date(world.nowMs()).toISOString();
  const isRefused = address.startsWith("nobody@");
  const state = !world.hasMailServer ? "kept" : isRefused ? "refused" : "sent";
  const answer = isRefused ? "550 5.1.1 User unknown" : "250 2.0.0 Ok: queued as 4F2A1";
  return {
    mailId: newId(),
    customerId,
    state,
    to: [address],
    refusals: state === "refused" ? [{ address, answer }] : [],
    reports: [],
    answers: [{ address, state: state === "kept" ? "queued" : state, answer: state === "kept" ? "" : answer }],
    subject,
    messageId: `<${newId()}@systemhaus.example>`,
    attempts: world.hasMailServer ? 1 : 0,
    lastError: state === "refused" ? `${address}: ${answer}` : null,
    nextAttemptAt: null,
    createdAt: at,
    sentAt: state === "sent" ? at : null,
    text,
    html: `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>${escape(subject)}</title></head><body><h1>${escape(subject)}</h1><p>${escape(text)}</p></body></html>`,
  };
}

/** One mail came back from everybody, one from one of two, and one is delayed. */
function reportsOn(index: number, at: string): Mail["reports"] {
  const report = { status: "5.1.1", by: "mx1.muster.example", at, action: "failed" as const };
  if (index === 3) return [{ ...report, address: "leitstelle@systemhaus.example", words: "552 5.2.2 Mailbox full", status: "5.2.2" }];
  if (index === 6) return [{ ...report, address: "it@muster.example", words: "550 5.1.1 Recipient address rejected: User unknown" }];
  if (index !== 8) return [];
  return [{ ...report, address: "it@muster.example", action: "delayed", status: "4.7.1", words: "451 4.7.1 Greylisting in action" }];
}

export function makeMails(world: World): Mail[] {
  return world.findings.slice(0, 26).map(({ finding }, index): Mail => {
    const about = textsOf(finding.check);
    const title = about.title(finding);
    const subject = `${title}: ${finding.deviceName ?? finding.siteName}, ${finding.customerName}`;
    const state = index === 0 ? "queued" : index === 4 ? "refused" : index === 7 ? "kept" : index === 3 ? "returned" : "sent";
    const text = `${title}\n${finding.deviceName}, ${finding.siteName}, ${finding.customerName}\n\nGemessen: ${format.dateTime(Date.parse(finding.evidenceAt))}\n\n${about.meaning(finding)}\n\nWas zu tun ist: ${about.advice(finding)}\n`;
    const html = `<!doctype html><html lang="de"><head><meta charset="utf-8"><style>body{font:15px/1.5 Segoe UI,Arial,sans-serif;color:#1b2229;background:#fff;margin:0;padding:24px}h1{font-size:18px;margin:0 0 4px}p{margin:0 0 12px}.where{color:#59646e}.button{display:inline-block;padding:9px 16px;background:#1d5f96;color:#fff;text-decoration:none;border-radius:4px}@media(prefers-color-scheme:dark){body{background:#171c21;color:#d9dee4}.where{color:#9aa5b1}}</style></head><body><h1>${escape(title)}</h1><p class="where">${escape(finding.deviceName ?? "")}, ${escape(finding.siteName ?? "")}, ${escape(finding.customerName)}</p><p>${escape(about.meaning(finding))}</p><p><strong>Was zu tun ist.</strong> ${escape(about.advice(finding))}</p><p><a class="button" href="/findings?finding=${finding.findingId}">Befund öffnen</a></p><script>parent.hauswartWasHarmed=1</script><img src="https://tracker.example/x.png" alt=""></body></html>`;
    const at = Date.parse(finding.openedAt);
    return {
      mailId: newId(at),
      customerId: finding.customerId,
      state,
      to: index % 2 === 0 ? ["leitstelle@systemhaus.example", "it@muster.example"] : ["leitstelle@systemhaus.example"],
      refusals: index === 4 ? [{ address: "it@muster.example", answer: "550 5.1.1 Recipient address rejected: User unknown" }] : [],
      reports: reportsOn(index, new Date(Date.parse(finding.openedAt) + 40_000).toISOString()),
      subject,
      answers: [
        {
          address: "leitstelle@systemhaus.example",
          state: state === "queued" || state === "kept" ? "queued" : "sent",
          answer: state === "sent" || state === "refused" ? "250 2.0.0 Ok: queued as 4F2A1" : "",
        },
        ...(index % 2 === 0
          ? [
              {
                address: "it@muster.example",
                state: index === 4 ? ("refused" as const) : state === "sent" ? ("sent" as const) : ("queued" as const),
                answer: index === 4 ? "550 5.1.1 Recipient address rejected: User unknown" : "",
              },
            ]
          : []),
      ],
      messageId: `<${finding.findingId}@systemhaus.example>`,
      attempts: state === "queued" ? 4 : state === "kept" ? 0 : 1,
      lastError:
        state === "queued"
          ? "421 4.7.0 Try again later"
          : state === "refused"
            ? "550 5.1.1 Recipient address rejected: User unknown"
            : null,
      nextAttemptAt: state === "queued" ? new Date(world.nowMs() + 240_000).toISOString() : null,
      createdAt: finding.openedAt,
      sentAt: state === "sent" || state === "returned" ? new Date(at + 1_400).toISOString() : null,
      text,
      html,
    };
  });
}
