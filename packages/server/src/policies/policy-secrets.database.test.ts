import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { series, setting } from "@hauswart/protocol/fields.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { secretIdOf } from "@hauswart/protocol/secret-settings.ts";
import { messageLimitBytes } from "@hauswart/protocol/wire/versions.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { enrolledAgent, type WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { z } from "zod";
import type { JudgedCheck } from "../services.ts";

const vault = defineCheck({
  id: "vault",
  version: 1,
  description: "A check of tests that needs a password.",
  promises: [],
  cycle: { everyMinutes: 1 },
  failuresBeforeFinding: 1,
  sample: z.object({ openCount: series.count("How often it was opened.") }),
  selection: z.object({ target: setting.text("", "Whom to ask."), password: setting.secret("What opens it.") }),
  judgement: z.object({ limit: setting.count(1, "Some limit.") }),
  findings: { open: { description: "It is open.", raises: ["warning"] } },
  onByDefault: false,
});
const judged = {
  definition: vault,
  judge: () => [{ code: "open", subject: "", state: "ok", evidence: {} }],
  messages: {} as never,
} as unknown as JudgedCheck;

/** Found nowhere by chance. */
const [secret, other] = ["kirschbaum-4711-nordwind", "apfelbaum-0815-suedwind"];

let server: TestServer;
let agent: WireAgent;
let ids: Record<string, string>;
let policyId: Id;
beforeAll(async () => {
  server = await testServer({ services: { checks: new Map([["vault", judged]]) } });
  const { customerId } = await server.api("createCustomer", { body: { name: "Mill" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Main" } });
  const { token } = await server.api("createEnrolmentToken", { body: { siteId } });
  agent = await enrolledAgent(server.url, token);
  await agent.connect({ checks: { vault: 1 } });
  expect(await configured()).toEqual([]);
  const body = { name: "Vaults", checks: [check(secret)], assignments: [{ scope: "provider", scopeId: "" } as const] };
  ({ policyId } = await server.api("createPolicy", { body }));
  ids = { customerId, siteId, policyId, deviceId: agent.deviceId, number: "0" };
}, 60_000);
afterAll(async () => {
  agent.drop();
  await server.close();
});

function check(password: unknown, target = "192.0.2.1", instance = ""): PolicyCheck {
  return { check: "vault", instance, enabled: true, settings: { target, password } };
}
const policy = () => server.api("getPolicy", { params: { policyId } });
const change = async (checks: readonly PolicyCheck[]) =>
  server.api("changePolicy", { params: { policyId }, body: { checks: [...checks], revision: (await policy()).revision } });
const configured = async () => (await agent.next("configure")).checks.map(({ selection }) => selection);
/** What the agent is told when it connects anew and knows nothing. */
async function configuredAnew() {
  agent.drop();
  agent.configurationRevision = "";
  await agent.connect({ checks: { vault: 1 } });
  return configured();
}
const everyCell = async () => {
  const tables = await server.database.unwalled("look of a test", (tx) =>
    tx.sql<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'hauswart' and table_type = 'BASE TABLE'",
    ),
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await server.database.unwalled("look of a test", (tx) =>
      tx.sql<{ row: string }>(`select t::text as row from hauswart."${name}" t`),
    );
    texts.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return texts;
};
const hex = Buffer.from(secret).toString("hex");

test("the agent alone is told the secret, also when it connects anew", async () => {
  expect(await configured()).toEqual([{ target: "192.0.2.1", password: secret }]);
  expect(await configuredAnew()).toEqual([{ target: "192.0.2.1", password: secret }]);
});

test("the database holds it in no cell", async () => {
  const cells = await everyCell();
  expect(cells.length).toBeGreaterThan(10);
  expect(cells.filter((cell) => cell.includes(secret) || cell.includes(hex))).toEqual([]);
  expect(cells.filter((cell) => cell.startsWith("policy_secret:")).length).toBe(1);
});

describe("nobody reads it back", () => {
  const reading = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].method === "GET" && name !== "streamEvents");

  test.each(reading)("%s", async (name) => {
    const path = routes[name].path.replaceAll(/[:{](\w+)\}?/g, (_, id: string) => ids[id] ?? newId());
    for (const accept of ["application/json", "text/csv"]) {
      const answer = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${server.token}`, accept } });
      expect((await answer.text()).includes(secret)).toBe(false);
    }
  });

  test("and some of these do show that it is set", async () => {
    const { settings } = (await server.api("listDeviceChecks", { params: { deviceId: agent.deviceId } })).items[0]!;
    expect(secretIdOf(settings["password"])).toBeDefined();
    expect((await policy()).checks[0]!.settings).toEqual({ target: "192.0.2.1", password: settings["password"] });
    const audited = JSON.stringify((await server.api("listAudit")).items.find(({ action }) => action === "policy.create"));
    expect(audited).toContain(String(settings["password"]));
  });

  test("a preview of a new one tells that it changes, and not to what", async () => {
    const { name, assignments } = await policy();
    const draft = { policyId, name, checks: [check(other)], assignments: assignments.map(({ scope, scopeId }) => ({ scope, scopeId })) };
    const preview = await server.api("previewPolicy", { body: draft });
    expect(preview.changes).toBe(1);
    expect(JSON.stringify(preview)).not.toMatch(new RegExp(`${secret}|${other}`));
    expect((await everyCell()).filter((cell) => cell.startsWith("policy_secret:")).length).toBe(1);
  });

  test("not even as the target of another check: a reference in another setting stays what it is", async () => {
    const kept = (await policy()).checks[0]!.settings["password"];
    await change([check(kept), check("", String(kept), "spy")]);
    expect(await configuredAnew()).toEqual([
      { target: "192.0.2.1", password: secret },
      { target: kept, password: "" },
    ]);
    await change([check(kept)]);
  });
});

describe("a change", () => {
  test("that sends the reference back leaves the secret as it is", async () => {
    const [before] = (await policy()).checks;
    await change([{ ...before!, settings: { ...before!.settings, target: "192.0.2.9" } }]);
    expect(await configuredAnew()).toEqual([{ target: "192.0.2.9", password: secret }]);
  });

  test("to another secret reaches the agent, and the old one is gone for good", async () => {
    agent.configurationRevision = "";
    await change([check(other)]);
    expect(await configuredAnew()).toEqual([{ target: "192.0.2.1", password: other }]);
    expect((await everyCell()).filter((cell) => cell.startsWith("policy_secret:")).length).toBe(1);
  });

  test("to none deletes it", async () => {
    await change([check("")]);
    expect(await configuredAnew()).toEqual([{ target: "192.0.2.1", password: "" }]);
    expect((await everyCell()).filter((cell) => cell.startsWith("policy_secret:"))).toEqual([]);
  });

  test.each(["createPolicy", "previewPolicy"] as const)("a secret of another policy cannot be lent (%s)", async (name) => {
    await change([check(secret)]);
    const lent = check((await policy()).checks[0]!.settings["password"]);
    expect(await codeOf(server.api(name, { body: { name: "Thief", checks: [lent] } as never }))).toContain("INVALID_REQUEST");
    const invented = check(`sealed:${newId()}`);
    expect(await codeOf(change([invented]))).toContain("INVALID_REQUEST");
  });
});

test("with its policy it is deleted", async () => {
  await server.api("deletePolicy", { params: { policyId } });
  expect((await everyCell()).filter((cell) => cell.startsWith("policy_secret:"))).toEqual([]);
});

test("secrets that make the message longer than an agent takes leave the last checks out, not the agent", async () => {
  const long = Array.from({ length: 490 }, (_, index) => check("x".repeat(500), "192.0.2.1", `${1_000 + index}`));
  agent.drop();
  await server.api("createPolicy", {
    body: { name: "Many", checks: [check(secret), ...long], assignments: [{ scope: "provider", scopeId: "" }] },
  });
  agent.configurationRevision = "";
  await agent.connect({ checks: { vault: 1 } });
  const told = await agent.next("configure");
  expect(JSON.stringify(told).length).toBeLessThanOrEqual(messageLimitBytes);
  expect(told.checks.length).toBeGreaterThan(300);
  expect(told.checks.map(({ instance }) => instance)).toEqual(["", ...long.map(({ instance }) => instance)].slice(0, told.checks.length));
});
