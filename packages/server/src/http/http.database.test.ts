import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@hauswart/protocol/api/route.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { until } from "@hauswart/testkit/until.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { enrolOverHttp, makeAgentKey, testComputer } from "@hauswart/testkit/wire-agent.ts";
import { makeLogger } from "../operation/log.ts";
import { verbs } from "./registry.ts";
import { requestLimits } from "./request-limits.ts";

let server: TestServer;
let folder: string;
const lines: string[] = [];
const secretPage = "secret of the computer";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-console-"));
  mkdirSync(join(folder, "dist", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), secretPage);
  writeFileSync(join(folder, "dist", "index.html"), "<!doctype html><title>Hauswart</title>");
  writeFileSync(join(folder, "dist", "assets", "index-1a2b.js"), `export const text = "${"x".repeat(4_000)}";`);
  const log = makeLogger({ format: "json", level: "debug", write: (line) => void lines.push(line) });
  server = await testServer({
    consoleDirectory: join(folder, "dist"),
    services: { log },
    verbs: {
      ...verbs,
      getSettings: () => Promise.reject(new Error("something private broke")),
      listChecks: async () => ({ items: [], next: null, secret: "hidden" }),
    },
  });
}, 60_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const call = (path: string, init: RequestInit = {}) => fetch(server.url + path, { redirect: "manual", ...init });
const asOwner = (path: string, init: RequestInit = {}) =>
  call(path, { ...init, headers: { authorization: `Bearer ${server.token}`, ...(init.headers as Record<string, string>) } });
const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body: typeof body === "string" ? body : JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});
const problemIn = async (answer: Response) => {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = Problem.parse(await answer.json());
  expect([problem.status, problem.type]).toEqual([answer.status, `urn:hauswart:error:${problem.code}`]);
  return problem;
};
const codeOf = async (answer: Response | Promise<Response>) => (await problemIn(await answer)).code;

test("a request has the rights of the moment in which it is whole, not of the one in which it began", async () => {
  const made = await (
    await asOwner("/api/v1/api-keys", post({ name: "leaked", scopes: ["access:write"], customerIds: null, expiresAt: null }))
  ).json();
  const { key, apiKeyId } = made as { key: string; apiKeyId: string };
  const body = JSON.stringify({ name: "later", scopes: ["access:write"], customerIds: null, expiresAt: null });
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  const answered = new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString().split("\r\n")[0]!)));
  const head = `POST /api/v1/api-keys HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 10));
  await Bun.sleep(300);
  await server.api("revokeApiKey", { params: { apiKeyId } });
  socket.write(body.slice(10));
  expect(await answered).toContain(" 401 ");
  socket.destroy();
});

describe("limits", () => {
  const statuses = async (count: number, ask: () => Promise<Response>) => {
    const answers = await Promise.all(Array.from({ length: count }, ask));
    return { passed: answers.filter(({ status }) => status < 429).length, last: answers.find(({ status }) => status === 429) };
  };

  test("keep one key from having the whole log read in a loop, and say when to come back", async () => {
    const body = { name: "a loop", scopes: ["audit:read", "customers:read"], customerIds: null, expiresAt: null };
    const { key } = (await (await asOwner("/api/v1/api-keys", post(body))).json()) as { key: string };
    const withKey = (path: string, init: RequestInit = {}) =>
      call(path, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${key}` } });
    const verified = await statuses(30, () => withKey("/api/v1/audit/verification", { method: "POST" }));
    expect(verified.passed).toBeLessThan(30);
    expect(verified.passed).toBeGreaterThanOrEqual(requestLimits.whole.atOnce);
    expect(Number(verified.last!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await codeOf(verified.last!)).toBe("TOO_MANY_REQUESTS");
    expect((await withKey("/api/v1/customers")).status).toBe(200);
    expect((await asOwner("/api/v1/audit/verification", { method: "POST" })).status).toBe(200);
  });

  test("are never met by the console's first page, in many tabs", async () => {
    const paths = ["session", "devices", "findings", "customers", "overview", "health", "views"].map((path) => `/api/v1/${path}`);
    const answers = await Promise.all(Array.from({ length: 40 }, () => paths.map((path) => asOwner(path))).flat());
    expect(answers.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("hold for links and enrolments of nobody known, by network", async () => {
    const other = await testServer({});
    try {
      const look = () => fetch(`${other.url}/api/v1/verdicts/look`, post({ token: "x".repeat(40) }));
      let passed = 0;
      // They come back meanwhile, as those below do: until there is none left, however slow this computer is.
      const refused = await until("the limit", async () => {
        const looked = await statuses(requestLimits.anonymous.atOnce, look);
        passed += looked.passed;
        return looked.last;
      });
      expect(passed).toBeGreaterThanOrEqual(requestLimits.anonymous.atOnce - 1);
      expect(await codeOf(refused)).toBe("TOO_MANY_REQUESTS");
      const key = makeAgentKey();
      const wrong = () => enrolOverHttp(other.url, `hwe_${"x".repeat(43)}`, testComputer(), key);
      const codes = new Set<unknown>();
      await until("the limit of enrolments", async () => codes.add((await wrong()).body.code).has("TOO_MANY_REQUESTS"));
      expect(codes).toEqual(new Set(["ENROLMENT_TOKEN_INVALID", "TOO_MANY_REQUESTS"]));
      expect((await other.api("getSession")).account).not.toBeNull();
    } finally {
      await other.close();
    }
  });

  test.each(["/api/v1/devices", "/download/install.sh"])("hold for tokens that nobody has, wherever they are sent: %s", async (path) => {
    const other = await testServer({});
    try {
      const headers = { authorization: `Bearer hws_${"x".repeat(43)}` };
      const own = { authorization: `Bearer ${other.token}` };
      const before = (await fetch(`${other.url}/api/v1/devices`, { headers: own })).status;
      const seen = new Set<unknown>();
      // They come back meanwhile: until there is none left, however slow this computer is.
      await until("the limit", async () => {
        const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(other.url + path, { headers })));
        for (const answer of answers) seen.add(await codeOf(answer));
        return seen.has("TOO_MANY_REQUESTS");
      });
      expect(seen).toEqual(new Set(["UNAUTHENTICATED", "TOO_MANY_REQUESTS"]));
      // Who has a token is not locked out by those who share the address and make theirs up, and who signs in now neither.
      const ask = () => Promise.all(Array.from({ length: 50 }, () => fetch(other.url + path, { headers })));
      await ask();
      const mine = await fetch(`${other.url}/api/v1/devices`, { headers: own });
      const { token } = (await (await fetch(`${other.url}/api/v1/sessions`, post(other.owner))).json()) as { token: string };
      await ask();
      const fresh = await fetch(`${other.url}/api/v1/devices`, { headers: { authorization: `Bearer ${token}` } });
      expect([before, mine.status, fresh.status]).toEqual([200, 200, 200]);
    } finally {
      await other.close();
    }
  });
});

describe("answers", () => {
  test("of the API carry what browsers must know, and an id that the log knows too", async () => {
    const answer = await call("/api/v1/health");
    expect(await answer.json()).toEqual({ status: "ok", version: "0.1.0", problems: [] });
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(lines.some((line) => line.includes(headers["x-request-id"]!) && line.includes('"route":"getHealth"'))).toBe(true);
  });

  test("hold only what the schema names", async () => {
    expect(await (await asOwner("/api/v1/checks")).json()).toEqual({ items: [], next: null });
  });

  test("of a server that broke say nothing but the id, and the log says all", async () => {
    const answer = await asOwner("/api/v1/settings");
    const problem = await problemIn(answer.clone());
    expect([answer.status, problem.code, problem.detail]).toEqual([500, "INTERNAL", undefined]);
    expect(await answer.text()).not.toContain("private");
    const id = answer.headers.get("x-request-id")!;
    expect(lines.some((line) => line.includes(id) && line.includes("something private broke"))).toBe(true);
  });

  test("to unknown addresses and methods are problems", async () => {
    expect(await codeOf(asOwner("/api/v1/nothing"))).toBe("NOT_FOUND");
    expect(await codeOf(asOwner("/api/v2/devices"))).toBe("NOT_FOUND");
    const answer = await asOwner("/api/v1/customers", { method: "DELETE" });
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST");
    expect(await codeOf(answer)).toBe("METHOD_NOT_ALLOWED");
    expect(
      await codeOf(
        call("/api/v1/devices", { method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "GET" } }),
      ),
    ).toBe("METHOD_NOT_ALLOWED");
  });

  test("to HEAD are those to GET without a body", async () => {
    const answer = await asOwner("/api/v1/devices", { method: "HEAD" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });
});

describe("requests that are refused", () => {
  test("unknown names, wrong values and what comes twice, each with its path", async () => {
    const query = await problemIn(await asOwner("/api/v1/devices?limit=0&custmerId=x&tag=a&tag=b"));
    expect(query.code).toBe("INVALID_REQUEST");
    expect(query.issues!.map(({ path }) => path).sort()).toEqual(["query", "query.limit", "query.tag"]);
    const body = await problemIn(await asOwner("/api/v1/customers", post({ name: " ", timeZone: "Mars/Olympus", admin: true })));
    expect(body.issues!.map(({ path }) => path).sort()).toEqual(["body", "body.name", "body.timeZone"]);
    const params = await problemIn(await asOwner("/api/v1/devices/42"));
    expect(params.issues!.map(({ path }) => path)).toEqual(["params.deviceId"]);
    const cursor = await problemIn(await asOwner("/api/v1/devices?cursor=WzFd"));
    expect(cursor.issues!.map(({ path }) => path)).toEqual(["query.cursor"]);
  });

  test.each([
    ["no JSON", post("{"), "The body is not valid JSON."],
    ["another content type", post("name=x", { "content-type": "application/x-www-form-urlencoded" }), "The body must be JSON"],
    ["text, as a form of another site could send it", post('{"name":"x"}', { "content-type": "text/plain" }), "The body must be JSON"],
  ])("%s", async (_, init, detail) => {
    const problem = await problemIn(await asOwner("/api/v1/customers", init));
    expect([problem.code, problem.detail]).toEqual(["INVALID_REQUEST", expect.stringContaining(detail)]);
  });

  test.each([
    ["a NUL character", '{"name":"a\\u0000b"}', "body.name"],
    ["half a surrogate pair", '{"name":"a\\ud800b"}', "body.name"],
    ["a NUL character in a name", '{"na\\u0000me":"x"}', "body"],
    ["nesting without end", `{"name":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, "body"],
  ])("%s", async (_, body, path) => {
    expect((await problemIn(await asOwner("/api/v1/customers", post(body)))).issues).toMatchObject([{ path }]);
  });

  test("NUL characters in query and path", async () => {
    expect(await codeOf(asOwner("/api/v1/devices?search=a%00b"))).toBe("INVALID_REQUEST");
    expect(await codeOf(asOwner("/api/v1/devices/%00"))).toBe("INVALID_REQUEST");
    expect(await codeOf(asOwner("/api/v1/devices/%ff%fe"))).toBe("INVALID_REQUEST");
  });

  test("bodies that are too large, told or not told beforehand", async () => {
    const large = JSON.stringify({ name: "x".repeat(1_100_000) });
    expect(await codeOf(asOwner("/api/v1/customers", post(large)))).toBe("TOO_LARGE");
    const stream = new Blob([large]).stream();
    expect(
      await codeOf(asOwner("/api/v1/customers", { method: "POST", body: stream, headers: { "content-type": "application/json" } })),
    ).toBe("TOO_LARGE");
    expect(await codeOf(call("/api/v1/sessions", post(large)))).toBe("TOO_LARGE");
    expect(await codeOf(call("/agent/v1/enrol", post({ token: "x".repeat(20_000) })))).toBe("TOO_LARGE");
  });

  test.each([
    ["nothing", {}],
    ["an empty token", { authorization: "Bearer " }],
    ["another scheme", { authorization: "Basic b3duZXI6cGFzc3dvcmQ=" }],
    ["a made-up token", { authorization: `Bearer hws_${"A".repeat(43)}` }],
    ["a made-up key", { authorization: `Bearer hwk_${"A".repeat(43)}` }],
    ["SQL", { authorization: "Bearer ' or 1=1 --" }],
  ])("signed in with %s", async (_, headers) => {
    const answer = await call("/api/v1/devices", { headers });
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await codeOf(answer)).toBe("UNAUTHENTICATED");
  });

  test("enrolments that do not fit their schema", async () => {
    expect(await codeOf(call("/agent/v1/enrol", post({ token: "x" })))).toBe("MESSAGE_MALFORMED");
    expect(await codeOf(call("/agent/v1/enrol", post("{")))).toBe("MESSAGE_MALFORMED");
    expect(await codeOf(call("/agent/v1/enrol"))).toBe("METHOD_NOT_ALLOWED");
    expect(await codeOf(call("/agent/v1/other"))).toBe("NOT_FOUND");
    expect((await call("/agent/v1/link")).status).toBe(426);
  });
});

describe("the console's cookie", () => {
  const mark = { "x-hauswart-request": "console" };
  const signIn = (headers: Record<string, string> = mark) => call("/api/v1/sessions", post(server.owner, headers));
  const cookieOf = (answer: Response) => answer.headers.get("set-cookie")!.split(";")[0]!;

  test("carries the session, unreadable for scripts; the answer does not repeat it", async () => {
    const answer = await signIn();
    expect(answer.headers.get("set-cookie")).toMatch(
      /^hauswart-session=hws_[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    expect(await answer.json()).toMatchObject({ token: "", account: { email: server.owner.email } });
  });

  test("is set only for the console", async () => {
    const answer = await signIn({});
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect((await answer.json()) as { token: string }).toMatchObject({ token: expect.stringMatching(/^hws_/) });
  });

  test("changes things only with the console's header and from the own origin", async () => {
    const cookie = cookieOf(await signIn());
    const create = (headers: Record<string, string>) =>
      call("/api/v1/customers", post({ name: `Customer ${newId()}` }, { cookie, ...headers }));
    expect(await codeOf(create({}))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(create({ "sec-fetch-site": "same-origin" }))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(create({ ...mark, origin: "https://evil.example" }))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(create({ ...mark, origin: "null" }))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(create({ ...mark, "sec-fetch-site": "cross-site" }))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(create({ ...mark, "sec-fetch-site": "same-site" }))).toBe("CROSS_SITE_REQUEST");
    // Two names of the same computer are two origins: a page of the one does not act through a session of the other.
    const named = `localhost:${new URL(server.url).port}`;
    expect(await codeOf(create({ ...mark, origin: `http://${named}` }))).toBe("CROSS_SITE_REQUEST");
    expect((await create({ ...mark, host: named, origin: `http://${named}` })).status).toBe(201);
    expect((await create({ ...mark, origin: server.url, "sec-fetch-site": "same-origin" })).status).toBe(201);
    expect((await create(mark)).status).toBe(201);
  });

  test("reads only for the console or on the browser's word", async () => {
    const cookie = cookieOf(await signIn());
    const read = (headers: Record<string, string>) => call("/api/v1/devices", { headers: { cookie, ...headers } });
    expect(await codeOf(read({}))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(read({ "sec-fetch-site": "cross-site" }))).toBe("CROSS_SITE_REQUEST");
    expect(await codeOf(read({ "sec-fetch-site": "none" }))).toBe("CROSS_SITE_REQUEST");
    expect((await read({ "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await read(mark)).status).toBe(200);
  });

  test("signing in from another site is refused, so nobody is signed in to a stranger's account", async () => {
    expect(await codeOf(signIn({ ...mark, origin: "https://evil.example" }))).toBe("CROSS_SITE_REQUEST");
  });

  test("a session that somebody planted is not the one that is signed in", async () => {
    const planted = cookieOf(await signIn());
    const mine = cookieOf(await signIn({ ...mark, cookie: planted }));
    expect(mine).not.toBe(planted);
    expect(await codeOf(call("/api/v1/devices", { headers: { ...mark, cookie: planted } }))).toBe("UNAUTHENTICATED");
    expect((await call("/api/v1/devices", { headers: { ...mark, cookie: mine } })).status).toBe(200);
  });

  test("signing out ends the session and takes the cookie away", async () => {
    const cookie = cookieOf(await signIn());
    const answer = await call("/api/v1/sessions/current", { method: "DELETE", headers: { ...mark, cookie } });
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([
      204,
      "hauswart-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict",
    ]);
    expect(await codeOf(call("/api/v1/devices", { headers: { ...mark, cookie } }))).toBe("UNAUTHENTICATED");
  });

  test("a token in the header comes first, and a bad one is not made good by the cookie", async () => {
    const cookie = cookieOf(await signIn());
    expect(await codeOf(call("/api/v1/devices", { headers: { ...mark, cookie, authorization: "Bearer nonsense" } }))).toBe(
      "UNAUTHENTICATED",
    );
  });
});

describe("the console's files", () => {
  const page = "<!doctype html><title>Hauswart</title>";

  test("every page's address is the same page, with a strict policy", async () => {
    for (const path of ["/", "/devices", "/devices/0197-abc", "/index.html"]) {
      const answer = await call(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, page]);
      expect(answer.headers.get("cache-control")).toBe("no-cache");
      const policy = answer.headers.get("content-security-policy")!;
      expect(policy).toContain("default-src 'none'; script-src 'self'; ");
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  test("files with a hash stay for a year, packed for who can unpack, and are not sent twice", async () => {
    const answer = await call("/assets/index-1a2b.js", { headers: { "accept-encoding": "gzip" } });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "gzip",
      vary: "accept-encoding",
    });
    expect(answer.headers.get("content-type")).toStartWith("text/javascript");
    expect(await answer.text()).toContain("xxxx");
    expect((await call("/assets/index-1a2b.js", { headers: { "if-none-match": answer.headers.get("etag")! } })).status).toBe(304);
  });

  test("what is not there is not there", async () => {
    for (const path of ["/assets/index-old.js", "/favicon.ico", "/robots.txt", "/secret.txt", "/assets/", "/.env"])
      expect([path, (await call(path)).status]).toEqual([path, 404]);
    expect(await codeOf(call("/", { method: "POST" }))).toBe("METHOD_NOT_ALLOWED");
  });

  test("no path leads out of the folder", async () => {
    const tricks = [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/%2e%2e%2fsecret.txt",
      "/..\\secret.txt",
      "/..%5csecret.txt",
      "/assets/..%00/secret.txt",
      "//secret.txt",
      "/..%252fsecret.txt",
    ];
    for (const trick of tricks) {
      const text = await rawGet(trick);
      expect([trick, text.includes(secretPage), / (404|400) /.test(text.split("\r\n")[0]!)]).toEqual([trick, false, true]);
    }
  });
});

/** Sends the path as it stands: fetch would tidy it up before. */
async function rawGet(path: string, host = "127.0.0.1"): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = "";
  await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(server.url).port),
    socket: {
      open: (socket) => void socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
      data: (_, data) => void (text += data.toString()),
      close: () => resolve(text),
    },
  });
  return promise;
}

test("hosts that are none show nothing of the server", async () => {
  for (const host of ["a b", "[", "evil.example:99999", "<script>", ""]) {
    const text = await rawGet("/api/v1/health", host);
    expect([host, /^HTTP\/1\.1 (200|400|500) /.test(text), /node_modules|create-http-server|\.ts/.test(text)]).toEqual([host, true, false]);
  }
});

describe("figures for Prometheus", () => {
  test("are told to this computer", async () => {
    const answer = await call("/metrics");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('hauswart_http_request_seconds_count{route="getHealth",status="200"}');
  });

  test("are told to others only with a key that may read settings", async () => {
    const viaProxy = { "x-forwarded-for": "198.51.100.7" };
    const { key: right } = await server.api("createApiKey", { body: { name: "monitor", scopes: ["settings:read"] } });
    const { key: wrong } = await server.api("createApiKey", { body: { name: "other", scopes: ["devices:read"] } });
    expect(await codeOf(call("/metrics", { headers: viaProxy }))).toBe("UNAUTHENTICATED");
    expect(await codeOf(call("/metrics", { headers: { ...viaProxy, authorization: `Bearer ${wrong}` } }))).toBe("FORBIDDEN");
    expect((await call("/metrics", { headers: { ...viaProxy, authorization: `Bearer ${right}` } })).status).toBe(200);
  });
});

test("over TLS the cookie is bound to this host, and browsers are told to stay with TLS", async () => {
  await using secure = await testServer({ settings: { tls: { kind: "certificate", ...(await writeTestCertificate(folder)) } } });
  expect(secure.url).toStartWith("https://");
  const init = post(secure.owner, { "x-hauswart-request": "console", origin: secure.url });
  const answer = await fetch(`${secure.url}/api/v1/sessions`, { ...init, tls: { rejectUnauthorized: false } });
  expect(answer.headers.get("set-cookie")).toMatch(
    /^__Host-hauswart-session=hws_[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
  );
  expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
});

test("nothing secret has come into the log: no password, no token, no query", async () => {
  await asOwner("/api/v1/devices?search=my-private-search");
  await call("/api/v1/sessions", post({ email: "someone@hauswart.test", password: "a-wrong-password" }));
  const all = lines.join("");
  expect(all.length).toBeGreaterThan(1_000);
  for (const secret of [server.token, server.owner.password, "a-wrong-password", "my-private-search", "someone@hauswart.test"])
    expect(all).not.toContain(secret);
});
