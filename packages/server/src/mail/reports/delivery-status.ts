/** The machine-readable part of a delivery report: message/delivery-status, RFC 3464. Pure. */

export const reportActions = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;
export type ReportAction = (typeof reportActions)[number];

/** What a report says of one recipient. */
export interface RecipientReport {
  /** Addresses as they were written, RFC 3464, 2.3.1 and 2.3.2; the original one is the one that the sender wrote to. */
  readonly originalRecipient: string | undefined;
  readonly finalRecipient: string | undefined;
  readonly action: ReportAction;
  /** RFC 3463, such as `5.1.1`; undefined where none is given. */
  readonly status: string | undefined;
  /** In the words of the server that said no. */
  readonly words: string;
  /** The server that said so. */
  readonly by: string | undefined;
}

export interface DeliveryStatus {
  /** RFC 3461, 4.4: what we gave the mail along, outside of the mail. */
  readonly envelopeId: string | undefined;
  readonly recipients: readonly RecipientReport[];
}

/** More recipients than a mail of ours ever has; the rest of a report is not read. */
const mostRecipients = 200;
const mostWords = 500;

/** Reads the part's text. Groups without recipient or action are left out, as the RFC wants of unknown ones. */
export function parseDeliveryStatus(text: string): DeliveryStatus {
  const all = groupsOf(text);
  // Some leave out what holds for the whole mail.
  const hasOwn = all.length > 0 && !all[0]!.has("final-recipient") && !all[0]!.has("action");
  const perMessage = hasOwn ? all[0]! : new Map<string, string>();
  const groups = hasOwn ? all.slice(1) : all;
  const by = typed(perMessage.get("reporting-mta"));
  return {
    envelopeId: perMessage.get("original-envelope-id") || undefined,
    recipients: groups.slice(0, mostRecipients).flatMap((fields) => recipientFrom(fields, by)),
  };
}

function recipientFrom(fields: ReadonlyMap<string, string>, reportedBy: string | undefined): RecipientReport[] {
  const action = reportActions.find((one) => one === withoutComments(fields.get("action") ?? "").toLowerCase());
  const originalRecipient = addressOf(fields.get("original-recipient"));
  const finalRecipient = addressOf(fields.get("final-recipient"));
  if (action === undefined || (originalRecipient ?? finalRecipient) === undefined) return [];
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get("status") ?? "")?.[0];
  return [
    {
      originalRecipient,
      finalRecipient,
      action,
      status,
      words: (typed(fields.get("diagnostic-code")) ?? status ?? "").slice(0, mostWords),
      by: typed(fields.get("remote-mta")) ?? reportedBy,
    },
  ];
}

/** Groups of header fields, divided by empty lines; folded lines are joined. Of a field that comes twice the first counts. */
function groupsOf(text: string): Map<string, string>[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n[ \t]*\n/)
    .map((group) => {
      const fields = new Map<string, string>();
      let name: string | undefined;
      for (const line of group.split("\n")) {
        const field = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line);
        if (field) {
          name = field[1]!.toLowerCase();
          if (fields.has(name)) name = undefined;
          else fields.set(name, field[2]!.trim());
        } else if (name !== undefined && /^[ \t]/.test(line)) fields.set(name, `${fields.get(name)!} ${line.trim()}`.trim());
      }
      return fields;
    })
    .filter((fields) => fields.size > 0);
}

/** The value after its type: `smtp; 550 5.1.1 …`, `dns; mx.example.com`. */
function typed(value: string | undefined): string | undefined {
  const text = value
    ?.replace(/^[A-Za-z0-9!#$%&'*+./^_`{|}~-]+[ \t]*;/, "")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" ? undefined : text;
}

/** Of `rfc822; <a@b>` and `utf-8; a@b` the address; other address types are none of ours. */
function addressOf(value: string | undefined): string | undefined {
  const [, type, address] = /^\s*([\w-]+)\s*;\s*(.*)$/.exec(value ?? "") ?? [];
  if (type === undefined || !["rfc822", "utf-8"].includes(type.toLowerCase())) return undefined;
  return mailAddress(address!);
}

/** An address out of what stands around it: angle brackets, quotes, a comment behind it. */
export function mailAddress(text: string): string | undefined {
  const bare = withoutComments(text)
    .replace(/^[<"']+|[>"']+$/g, "")
    .trim();
  return bare.length <= 320 && /^[^\s@<>]+@[^\s@<>]+$/.test(bare) ? bare : undefined;
}

const withoutComments = (text: string) => text.replace(/\([^()]*\)/g, "").trim();
