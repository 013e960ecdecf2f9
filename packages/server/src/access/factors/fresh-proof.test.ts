import { expect, test } from "bun:test";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { canBeDangerous, isDangerous, isShortening } from "@hauswart/protocol/api/dangers.ts";
import { isFactorRequired, isOpenWithoutFactor } from "./required-factor.ts";

const names = Object.keys(routes) as RouteName[];

test("what wants a fresh proof is behind a sign-in, changes something or takes it along, and is not what gives the proof", () => {
  const dangerous = names.filter(canBeDangerous);
  expect(dangerous.length).toBeGreaterThan(15);
  for (const name of dangerous) expect([name, routes[name].scope === "none"]).toEqual([name, false]);
  expect(dangerous.filter((name) => routes[name].method === "GET")).toEqual(["exportCustomer"]);
  expect([canBeDangerous("beginProof"), canBeDangerous("proveSession"), canBeDangerous("endSession")]).toEqual([false, false, false]);
});

test("every way to let somebody else in, and every way to take a factor away, wants a fresh proof", () => {
  const ways = names.filter((name) =>
    /^(?!createSession)(create|invite|resend).*(ApiKey|Account|Invitation|Passkey|Codes|OidcIssuer)$/.test(name),
  );
  const losses = names.filter((name) => /^delete.*(Totp|Passkey|OidcIssuer|Account|Factors)$/.test(name));
  expect([...ways, ...losses].length).toBeGreaterThan(8);
  expect([...ways, ...losses].filter((name) => !canBeDangerous(name))).toEqual([]);
});

test("a change of settings wants one only where it touches second factors or shortens what is kept", () => {
  expect(isDangerous("changeSettings", { name: "House" })).toBe(false);
  expect(isDangerous("changeSettings", { secondFactor: "off" })).toBe(true);
  expect(isDangerous("changeSettings", { mailDays: 7 })).toBe(false);
  const before = { mailDays: 90, auditMonths: 120, serverSilentMinutes: 5 };
  const shortens = (input: Record<string, unknown>) => isShortening("changeSettings", input, before);
  expect([{ mailDays: 89 }, { mailDays: 90, auditMonths: 12 }].map(shortens)).toEqual([true, true]);
  expect([{}, { mailDays: 90 }, { mailDays: 91 }, { serverSilentMinutes: 1 }, { name: "House" }].map(shortens)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
  expect(isDangerous("changeAccount", { name: "Anna" })).toBe(false);
  expect(isDangerous("changeAccount", { role: "owner" })).toBe(true);
});

test("what sends findings elsewhere, or a release everywhere, wants one; what stops or narrows does not", () => {
  expect(isDangerous("createWebhook", { customerId: "one", url: "https://example.org" })).toBe(true);
  expect([null, "one"].map((customerId) => isDangerous("createRecipient", { customerId, address: "a@b.example" }))).toEqual([true, false]);
  const changes = [
    { customerId: null },
    { address: "a@b.example" },
    { channel: "mail" },
    { accountId: null },
    { customerId: "one" },
    { language: "de" },
  ];
  expect(changes.map((change) => isDangerous("changeRecipient", { recipientId: "r", revision: 1, ...change }))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  const actions = ["advance", "resume", "pause"];
  expect(actions.map((action) => isDangerous("changeAgentRollout", { version: "1.0.0", action }))).toEqual([true, true, false]);
});

test("who owes a second factor can set one up and leave, and nothing else that changes anything", () => {
  const open = names.filter((name) => isOpenWithoutFactor(name) && routes[name].method !== "GET").sort();
  expect(open).toEqual(["beginPasskey", "beginProof", "beginTotp", "confirmTotp", "createPasskey", "endSession", "proveSession"]);
  expect(open.every((name) => routes[name].scope === "session")).toBe(true);
});

test.each([
  ["off", []],
  ["owners-and-administrators", ["owner", "administrator"]],
  ["all", ["owner", "administrator", "technician", "read-only"]],
] as const)("with the setting %s a second factor is wanted of %j", (setting, wanted) => {
  const roles = ["owner", "administrator", "technician", "read-only"] as const;
  expect(roles.filter((role) => isFactorRequired(setting, role))).toEqual([...wanted]);
});
