import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { describe, expect, test } from "bun:test";
import { changedOf } from "../../api/changed.ts";
import { draftOf, isWhole, recipientChange, type Draft } from "./recipient-draft.ts";

const recipient = (rest: Partial<Recipient> = {}): Recipient => ({
  recipientId: newId(),
  revision: 3,
  customerId: null,
  siteId: null,
  channel: "mail",
  accountId: null,
  address: "it@muster.example",
  language: "de",
  fromSeverity: "warning",
  topics: null,
  checks: null,
  recoveries: true,
  quiet: true,
  quietExcept: "warning",
  onCallOnly: false,
  hasToken: false,
  unreachable: null,
  ...rest,
});

function change(from: Recipient, edit: Partial<Draft>) {
  const base = draftOf(from);
  const draft = { ...base, ...edit };
  return recipientChange(changedOf(base, draft), draft, from.revision);
}

describe("what is sent of an edited recipient", () => {
  test("nothing but the revision for a form that was only looked at", () => {
    expect(change(recipient(), {})).toEqual({ revision: 3 });
    expect(change(recipient({ channel: "teams", address: "prod.example" }), {})).toEqual({ revision: 3 });
  });

  test("what was changed; no topic left means all", () => {
    expect(change(recipient({ topics: ["disks"] }), { topics: [], language: "en", quietExcept: false })).toEqual({
      revision: 3,
      topics: null,
      language: "en",
      quietExcept: null,
    });
  });

  test("who is no person any more is not told by being on call", () => {
    const from = recipient({ accountId: newId(), onCallOnly: true });
    expect(change(from, { accountId: null })).toEqual({ revision: 3, accountId: null, onCallOnly: false });
  });

  test("a token that is typed goes before one that is taken away", () => {
    const from = recipient({ channel: "ntfy", address: "https://ntfy.example/a", hasToken: true });
    expect(change(from, { dropsToken: true })).toEqual({ revision: 3, token: null });
    expect(change(from, { dropsToken: true, token: "tk_new" })).toEqual({ revision: 3, token: "tk_new" });
  });

  test("the address of a workflow may stay empty, that of another channel may not", () => {
    const teams = draftOf(recipient({ channel: "teams", address: "prod.example" }));
    expect([isWhole(teams, "teams"), isWhole({ ...teams, channel: "ntfy" }, "teams"), isWhole(teams)]).toEqual([true, false, false]);
  });
});
