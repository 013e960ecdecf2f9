/**
 * How soon the console has its answers, with 10,000 devices of twenty checks each.
 *
 * A server in a process of its own with its embedded PostgreSQL, over TLS; the devices' evidence moves once a minute, as with
 * agents. `devicesP99Ms`: the list of devices is asked page by page of 100 for each kind of question, one request after the other;
 * the time is that until the whole answer is there and parsed. The 99 % point of the slowest kind counts. Every answer is compared
 * with what was put into the database: which devices, in which order, and how many there are in all.
 * `firstLoadKbGzip` and `interactiveMs` come from Chromium, see support/console-browser.ts; `restoreSeconds` from support/restore-timing.ts.
 */
import { createClient, type Client, type RequestOf } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import { whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { assignTwentyMixedChecks, signIn } from "./support/bench-fleet.ts";
import { withDatabase } from "./support/bench-database.ts";
import { percentile, rounded, type Benchmark, type BenchmarkOptions } from "./support/benchmark.ts";
import { buildTheConsole, measureInBrowser } from "./support/console-browser.ts";
import { EvidenceMover, makeConsoleFleet, untilCounted, type ConsoleFleet, type MadeDevice } from "./support/console-fleet.ts";
import { startServerUnderTest, type ServerUnderTest } from "./support/server-under-test.ts";

const pageSize = 100;
type Query = NonNullable<RequestOf<"listDevices">["query"]>;

/** One request with what has to come of it. */
interface Question {
  readonly kind: string;
  readonly api: Client;
  readonly query: Query;
  /** All that fit, in order. */
  readonly fitting: readonly MadeDevice[];
  /** Place of the page's first row among them. */
  readonly from: number;
}

const worstFirst = ["failure", "warning", "unknown", "ok"];
const lower = (text: string) => text.toLowerCase();
const apiState = ({ state }: MadeDevice) => (state === "away" ? "unknown" : state);

const byState = (one: MadeDevice, other: MadeDevice) => worstFirst.indexOf(apiState(one)) - worstFirst.indexOf(apiState(other));

/** Asks once. @returns milliseconds. @throws when the answer is not the right one. */
async function ask({ api, query, fitting, from, kind }: Question): Promise<number> {
  const startMs = performance.now();
  const { items, total } = await api("listDevices", { query: { limit: pageSize, ...query } });
  const took = performance.now() - startMs;
  const expected = fitting.slice(from, from + pageSize);
  const isRight =
    total === fitting.length &&
    items.length === expected.length &&
    items.every(
      (item, at) => item.deviceId === expected[at]!.deviceId && item.name === expected[at]!.name && item.state === apiState(expected[at]!),
    );
  if (!isRight)
    throw new Error(
      `A wrong answer to "${kind}" ${JSON.stringify(query)}: ${items.length} rows of ${total}, expected ${expected.length} of ${fitting.length}.`,
    );
  return took;
}

/** The cursor of the last page, found by walking there. */
async function lastCursor(api: Client, count: number): Promise<string> {
  let cursor: string | undefined;
  for (let seen = 0; seen + pageSize < count;) {
    const limit = Math.min(500, count - pageSize - seen);
    const page = await api("listDevices", { query: { limit, cursor } });
    seen += page.items.length;
    cursor = page.next!;
  }
  return cursor!;
}

async function questionsOf(
  api: Client,
  { restricted, excluding }: { restricted: Client; excluding: Client },
  own: ReadonlySet<string>,
  { devices, customers }: ConsoleFleet,
): Promise<Question[]> {
  const found = (...words: string[]) =>
    devices.filter(({ name, hostname, customer, tags }) =>
      words.every((word) => [name, hostname, customer.name, ...tags].some((text) => text.toLowerCase().includes(word.toLowerCase()))),
    );
  const mine = devices.filter(({ customer }) => own.has(customer.customerId));
  const others = devices.filter(({ customer }) => !own.has(customer.customerId));
  const down = devices.toReversed();
  const middle = devices[Math.floor(devices.length / 2)]!;
  const question = (kind: string, query: Question["query"], fitting: readonly MadeDevice[], from = 0, as = api): Question => ({
    kind,
    api: as,
    query,
    fitting,
    from,
  });
  const words = ["srv-", "accounting", middle.hostname.slice(0, 10), middle.name, customers[5]!.name, "clinic kiosk", "nothing-like-this"];
  return [
    question("first page", {}, devices),
    ...words.map((search) => question("search", { search }, found(...search.split(" ")))),
    ...(["failure", "warning", "unknown", "ok"] as const).map((state) =>
      question(
        "state",
        { state },
        devices.filter((device) => apiState(device) === state),
      ),
    ),
    question("last page", { cursor: await lastCursor(api, devices.length) }, devices, devices.length - pageSize),
    question("from the end", { sort: "-name" }, down),
    question("worst first", { sort: "state" }, devices.toSorted(byState)),
    question(
      "by customer",
      { sort: "customer" },
      devices.toSorted((one, other) =>
        lower(one.customer.name) < lower(other.customer.name) ? -1 : Number(one.customer !== other.customer),
      ),
    ),
    question(
      "customer and tag",
      { customerId: customers[8]!.customerId, tag: "vip" },
      devices.filter(({ customer, tags }) => customer === customers[8] && tags.includes("vip")),
    ),
    question("restricted, first page", {}, mine, 0, restricted),
    question(
      "restricted, state",
      { state: "unknown" },
      mine.filter((device) => apiState(device) === "unknown"),
      0,
      restricted,
    ),
    question(
      "restricted, search",
      { search: "clinic" },
      found("clinic").filter((device) => mine.includes(device)),
      0,
      restricted,
    ),
    question("all but some, first page", {}, others, 0, excluding),
    question(
      "all but some, state",
      { state: "unknown" },
      others.filter((device) => apiState(device) === "unknown"),
      0,
      excluding,
    ),
    question("all but some, worst first", { sort: "state" }, others.toSorted(byState), 0, excluding),
  ];
}

const told = (times: readonly number[]) =>
  `${rounded(percentile(times, 0.5))} ms median, ${rounded(percentile(times, 0.99))} ms p99, ${rounded(Math.max(...times))} ms longest of ${times.length}`;

/** Asks every question in turn, so that each meets the same moods of the machine. @returns the p99 of the slowest kind. */
async function measureLists(
  server: ServerUnderTest,
  questions: readonly Question[],
  rounds: number,
  say: (line: string) => void,
): Promise<number> {
  const times = new Map<string, number[]>();
  let cpuSeconds = 0;
  for (let round = -3; round < rounds; round++) {
    if (round === 0) cpuSeconds = server.cpuSeconds();
    for (const question of questions) {
      const took = await ask(question);
      if (round >= 0) times.set(question.kind, [...(times.get(question.kind) ?? []), took]);
    }
  }
  // Steadier than the times when the machine has other work; it contains the devices' evidence moving meanwhile.
  say(`server and PostgreSQL: ${rounded(((server.cpuSeconds() - cpuSeconds) / rounds / questions.length) * 1_000)} CPU-ms a request`);
  for (const [kind, list] of times) say(`devices, ${kind}: ${told(list)}`);
  return Math.max(...[...times.values()].map((list) => percentile(list, 0.99)));
}

/** What else a console asks for all day. */
async function measureOthers(api: Client, { devices }: ConsoleFleet, rounds: number, say: (line: string) => void): Promise<void> {
  const failing = devices.filter(({ state }) => state === "failure").length;
  const others: Record<string, (round: number) => Promise<boolean>> = {
    overview: async () => {
      const { devices: counted } = await api("getOverview");
      return counted.total === devices.length && counted.byState.failure === failing;
    },
    "open findings": async () =>
      (await api("listFindings", { query: { state: "open" } })).items.length === Math.min(pageSize, devices.length * 0.05),
    "findings that are over": async () => (await api("listFindings", { query: { state: "closed" } })).items.length === pageSize,
    "checks of a device": async (round) =>
      (await api("listDeviceChecks", { params: { deviceId: devices[(round * 97) % devices.length]!.deviceId } })).items.length === 20,
    "one device": async (round) => {
      const { deviceId, name } = devices[(round * 89) % devices.length]!;
      return (await api("getDevice", { params: { deviceId } })).name === name;
    },
  };
  for (const [name, run] of Object.entries(others)) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now();
      const isRight = await run(round);
      times.push(performance.now() - startMs);
      if (!isRight) throw new Error(`A wrong answer to "${name}".`);
    }
    say(`${name}: ${told(times)}`);
  }
}

/** A key that reaches a quarter of the customers. */
async function restrictedTo(api: Client, server: ServerUnderTest, customerIds: readonly string[]): Promise<Client> {
  const { key } = await api("createApiKey", {
    body: { name: "restricted", scopes: ["devices:read", "findings:read"], customerIds: [...customerIds] },
  });
  const trusting = (url: string, init: object) => fetch(url, { ...init, tls: { ca: server.certificate } } as RequestInit);
  return createClient({ base: server.url, fetch: trusting, table: routes, headers: { authorization: `Bearer ${key}` } });
}

/** A session of a technician who reaches all customers but these. */
async function signInExcluding(server: ServerUnderTest, database: Database, customerIds: readonly string[]): Promise<Client> {
  const email = "excluding@example.com";
  // With the owner's password, so that signing in is that of anybody.
  await database.unwalled("benchmark: technician", (tx) =>
    tx.sql(
      `insert into hauswart.account (provider_id, account_id, email, name, role, reach, customer_ids, password_hash)
       select provider_id, uuidv7(), $1, 'excluding', 'technician', 'exclude', $2::uuid[], password_hash from hauswart.account where role = 'owner'`,
      [email, customerIds],
    ),
  );
  return signIn(server, { ...server.owner, email });
}

async function measureConsole({ quick, say }: BenchmarkOptions): Promise<Record<string, number>> {
  const [deviceCount, customerCount, rounds] = quick ? [1_000, 12, 20] : [10_000, 120, 200];
  await buildTheConsole();
  const server = await startServerUnderTest();
  try {
    const api = await signIn(server);
    await assignTwentyMixedChecks(api);
    return await withDatabase(server, async (database) => {
      const fleet = await makeConsoleFleet(api, server, database, { deviceCount, customerCount });
      const mover = new EvidenceMover(database, fleet.devices);
      try {
        await untilCounted(database);
        say(`${deviceCount} devices of ${customerCount} customers`);
        const own = new Set(fleet.customers.filter((_, at) => at % 4 === 0).map(({ customerId }) => customerId));
        const readers = {
          restricted: await restrictedTo(api, server, [...own]),
          excluding: await signInExcluding(server, database, [...own]),
        };
        const questions = await questionsOf(api, readers, own, fleet);
        const devicesP99Ms = await measureLists(server, questions, rounds, say);
        await measureOthers(api, fleet, rounds, say);
        return { devicesP99Ms: rounded(devicesP99Ms), ...(await measureInBrowser(server, deviceCount, quick ? 3 : 9, say)) };
      } finally {
        await mover.stop();
      }
    });
  } finally {
    await server.stop();
  }
}

export default {
  description:
    "The console at 10,000 devices of twenty checks: its lists, its first load, how soon it can be used; and how soon a backup is restored.",
  measures: {
    devicesP99Ms: { reaches: "≤ 50" },
    firstLoadKbGzip: { reaches: "≤ 350" },
    interactiveMs: { reaches: "≤ 1500" },
    restoreSeconds: { reaches: "≤ 120" },
  },
  whyNot: whyNoBrowser,
  async run(options) {
    const measures = await measureConsole(options);
    const { measureRestore } = await import("./support/restore-timing.ts");
    return { ...measures, restoreSeconds: await measureRestore(options) };
  },
} satisfies Benchmark;
