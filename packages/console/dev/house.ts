/** What the double's server says of itself. */
import { retentionLimits, type RetentionKey } from "@hauswart/protocol/api/retention.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Handlers } from "./handlers.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;
const neverBackedUp = { code: "backup-missing", subject: "", severity: "hint", evidence: {}, findingId: null, since: null } as const;

export function houseHandlers(
  world: World,
): Pick<Handlers, "getServerReport" | "previewRetention" | "exportCustomer" | "eraseCustomer" | "listErasures"> {
  const erasures: Result<"listErasures">["items"] = [];
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    getServerReport() {
      const waiting = world.mails.filter(({ state }) => state === "queued").length;
      const stuck = {
        code: "mail-stuck",
        subject: "",
        severity: "failure",
        findingId: null,
        since: null,
      } as const;
      return {
        at: iso(world.nowMs()),
        version: "0.1.0",
        facts: {
          startedAt: iso(world.nowMs() - 12.4 * dayMs),
          diskFreeBytes: 84_300_000_000,
          diskTotalBytes: 240_000_000_000,
          lastBackupAt: null,
          certificateEndsAt: null,
        },
        problems: [...(waiting > 0 ? [{ ...stuck, evidence: { mails: waiting } }] : []), neverBackedUp],
      };
    },
    previewRetention: (draft) => ({
      countedUpTo: 1_000_000,
      items: (Object.keys(retentionLimits) as RetentionKey[]).map((setting) => {
        const days = (draft[setting] ?? world.settings[setting]) * (setting.endsWith("Months") ? 30 : 1);
        const beforeMs = world.nowMs() - days * dayMs;
        const times = {
          mailDays: world.mails.map(({ createdAt }) => createdAt),
          findingMonths: world.findings.map(({ finding }) => finding.closedAt),
        };
        const own: readonly (string | null)[] = setting in times ? times[setting as keyof typeof times] : [];
        return { setting, before: iso(beforeMs), rows: own.filter((at) => at !== null && Date.parse(at) < beforeMs).length, isMore: false };
      }),
    }),
    exportCustomer: () => undefined,
    eraseCustomer({ customerId, name }) {
      const customer = world.customers.find((one) => one.customerId === customerId);
      if (!customer) throw new HauswartError("NOT_FOUND");
      if (customer.name !== name.trim())
        throw new HauswartError("INVALID_REQUEST", "Type the customer's name exactly as it is written; nothing was deleted.");
      const erasure = {
        erasureId: newId(world.nowMs()),
        customerId,
        name,
        requestedBy: "Leitstelle",
        requestedAt: iso(world.nowMs()),
        stepsDone: 12,
        stepsTotal: 40,
        rowsDeleted: 81_200,
        lastError: null,
        finishedAt: null,
      };
      erasures.unshift(erasure);
      return erasure;
    },
    listErasures: () => ({ items: erasures, next: null }),
  };
}
