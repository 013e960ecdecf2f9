import { expect, test } from "bun:test";
import { userRows, type AccountRow, type InvitationRow } from "./rows.ts";

const common = { email: "a@systemhaus.example", role: "technician", reach: { mode: "all", customerIds: [] }, language: "de" } as const;
const at = "2026-11-01T08:00:00Z";
const account = (accountId: string, disabledAt: string | null): AccountRow => ({
  ...common,
  accountId,
  name: accountId,
  createdAt: at,
  disabledAt,
  lastUsedAt: null,
  openSessions: 0,
  unreachable: null,
  reachFromIssuer: null,
  factors: { totp: false, passkeys: 0 },
  reach: { mode: "all", customerIds: [] },
});
const invitation = (invitationId: string, state: "open" | "expired"): InvitationRow => ({
  ...common,
  invitationId,
  name: invitationId,
  state,
  createdAt: at,
  createdBy: "x",
  sentAt: at,
  expiresAt: at,
  reach: { mode: "all", customerIds: [] },
});

test("who has not answered yet stands first, and each row says how it stands", () => {
  const rows = userRows([account("a", null), account("b", at)], [invitation("c", "open"), invitation("d", "expired")]);
  expect(rows.map(({ id, state }) => [id, state])).toEqual([
    ["c", "invited"],
    ["d", "expired"],
    ["a", "active"],
    ["b", "disabled"],
  ]);
});
