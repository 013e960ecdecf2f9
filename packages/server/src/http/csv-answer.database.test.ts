/** Lists as files for spreadsheets: whole, filtered, harmless, in the reader's language, and only what the reader may see. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { tankRegistry } from "@hauswart/testkit/tank-check.ts";
import { csvTables } from "../csv/csv-tables.ts";

setDefaultTimeout(60_000);

const evil = '=cmd|"/c calc"!A1';
/** More than two pages. */
const deviceCount = 1_203;

let server: TestServer;
let customerId: string;
let restricted: string;

beforeAll(async () => {
  server = await testServer({ services: { checks: tankRegistry } });
  const { api, database, providerId } = server;
  customerId = (await api("createCustomer", { body: { name: evil } })).customerId;
  const other = (await api("createCustomer", { body: { name: "Bäckerei; Söhne, Köln" } })).customerId;
  for (const own of [customerId, other]) {
    const { siteId } = await api("createSite", { body: { customerId: own, name: "Main" } });
    await database.unwalled("seed of a test", (tx) =>
      tx.sql(
        `insert into hauswart.device (provider_id, customer_id, device_id, site_id, name, hostname, role, system)
         select $1, $2, gen_random_uuid(), $3, format('PC-%s', lpad(i::text, 5, '0')), 'pc', 'workstation', 'linux' from generate_series(1, $4::int) i`,
        [providerId, own, siteId, own === customerId ? deviceCount : 2],
      ),
    );
  }
  const [device] = (await api("listDevices", { query: { limit: 1 } })).items;
  await database.unwalled("seed of a test", (tx) =>
    tx.sql(
      `insert into hauswart.finding (provider_id, customer_id, finding_id, site_id, device_id, check_id, code, subject, severity, evidence, evidence_at, opened_at, changed_at)
       values ($1, $2, $3, $4, $5, 'tank', 'full', '+tank', 'failure', '{}', now(), now(), now())`,
      [providerId, customerId, newId(), device!.siteId, device!.deviceId],
    ),
  );
  restricted = (await api("createApiKey", { body: { name: "one", scopes: ["devices:read", "customers:read"], customerIds: [other] } })).key;
});
afterAll(() => server.close());

function ask(path: string, { token = server.token, method = "GET", ...headers }: Record<string, string> = {}) {
  return fetch(`${server.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
}
async function linesOf(path: string, headers: Record<string, string> = {}): Promise<string[]> {
  const bytes = await (await ask(path, headers)).bytes();
  expect(bytes.slice(0, 3)).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf));
  const lines = new TextDecoder().decode(bytes).split("\r\n");
  expect(lines.pop()).toBe("");
  return lines;
}

test("the routes that say so have a table, and no others", () => {
  const said = Object.values(routes).filter((route) => route.csv === true);
  expect(said.map(({ name }) => name).sort()).toEqual(Object.keys(csvTables).sort());
});

test("all rows come, whatever the page size, each once", async () => {
  const lines = await linesOf("/devices?format=csv&limit=7");
  expect(lines).toHaveLength(1 + deviceCount + 2);
  expect(new Set(lines).size).toBe(lines.length);
});

test("with the filters of the list", async () => {
  expect(await linesOf("/devices?format=csv&search=pc-0000&sort=-name")).toHaveLength(1 + 9 + 2);
  expect(await linesOf(`/devices?format=csv&customerId=${customerId}`)).toHaveLength(1 + deviceCount);
});

test("titles and words are in the reader's language", async () => {
  expect((await linesOf("/devices?format=csv&language=de&separator=semicolon"))[0]).toStartWith("Zustand;Name;Rechnername;");
  expect((await linesOf("/devices?format=csv", { "accept-language": "en-GB,de;q=0.5" }))[0]).toStartWith("State,Name,Host name,");
  expect((await linesOf("/devices?format=csv", { "accept-language": "fr, de" }))[1]).toStartWith("unbekannt,");
});

test("Accept asks for it as well as the query", async () => {
  const answer = await ask("/customers", { accept: "text/csv" });
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="hauswart-(kunden|customers)\.csv"$/);
  expect((await ask("/customers", { accept: "text/html,application/json,text/csv" })).headers.get("content-type")).toBe("application/json");
  expect((await ask("/customers?format=json", { accept: "text/csv" })).headers.get("content-type")).toBe("application/json");
});

test("what a spreadsheet would run does not run, and what separates is quoted", async () => {
  const lines = await linesOf("/customers?format=csv&language=en");
  expect(lines.some((line) => line.startsWith(`"'=cmd|""/c calc""!A1",${deviceCount},1,0,`))).toBe(true);
  expect(lines.some((line) => line.startsWith('"Bäckerei; Söhne, Köln",2,0,0,'))).toBe(true);
  expect((await linesOf("/findings?format=csv&language=en"))[1]).toMatch(
    /^failure,text,PC-00001,"'=cmd.*,Main,Tanks,'\+tank,open,20\d\d-.*Z,/,
  );
});

test("every list is told, times with their zone", async () => {
  for (const name of Object.keys(csvTables) as (keyof typeof csvTables)[]) {
    const lines = await linesOf(`${routes[name].path}?format=csv&language=en`);
    const { items } = (await (await ask(`${routes[name].path}?limit=500`)).json()) as { items: unknown[] };
    if (name !== "listDevices") expect([name, lines.length]).toEqual([name, 1 + items.length]);
    expect(lines[0]!.split(",")).toHaveLength(csvTables[name].columns.length);
  }
  expect((await linesOf("/audit?format=csv&language=en"))[1]).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,api-key\.create,/);
});

describe("only what the reader may see", () => {
  test("a key for one customer gets that customer's rows", async () => {
    const lines = await linesOf("/devices?format=csv", { token: restricted });
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain("cmd");
  });

  test.each([
    ["/outbox?format=csv", 403, "FORBIDDEN"],
    ["/devices?format=csv&state=red", 400, "INVALID_REQUEST"],
    ["/devices?format=pdf", 400, "INVALID_REQUEST"],
    ["/sites?format=csv", 400, "INVALID_REQUEST"],
  ])("%s is refused with a code before anything is sent", async (path, status, code) => {
    const answer = await ask(path, { token: restricted });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  test("HEAD answers with the headers alone", async () => {
    const answer = await ask("/devices?format=csv", { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "text/csv; charset=utf-8; header=present",
      "",
    ]);
  });
});
