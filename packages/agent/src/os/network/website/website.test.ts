import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createSecureServer } from "node:http2";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from "node:net";
import { testAuthority, type TestAuthority } from "@hauswart/testkit/authority.ts";
import { startConnectProxy } from "@hauswart/testkit/connect-proxy.ts";
import { askWebsite } from "./ask.ts";
import type { WebsiteQuestion } from "./calls.ts";
import { BrokenAnswer, Http1Answer } from "./http1-answer.ts";

const usual: Omit<WebsiteQuestion, "url"> = {
  family: "any",
  httpVersion: "automatic",
  timeoutMs: 5_000,
  bodyLimitBytes: 100_000,
  redirectLimit: 3,
  proxy: "",
  authorities: "",
  texts: [],
  signal: new AbortController().signal,
};
/** Within this the stages before the one that hangs are over, on a slow machine too. */
const stageMs = 1_500;
const ask = (url: string, changes: Partial<WebsiteQuestion> = {}) => askWebsite({ ...usual, url, ...changes });

const closing: (() => void)[] = [];
afterAll(() => closing.forEach((close) => close()));

async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closing.push(() => (server.close(), sockets.forEach((socket) => socket.destroy())));
  return (server.address() as AddressInfo).port;
}

const pages: RequestListener = (request, response) => {
  const path = request.url ?? "";
  if (path === "/loop") response.writeHead(302, { location: "/loop" }).end();
  else if (path === "/moved") response.writeHead(301, { location: "/shop?from=moved" }).end();
  else if (path === "/out") response.writeHead(302, { location: "ftp://192.0.2.1/" }).end();
  else if (path === "/never") return;
  else if (path === "/half") response.write("half");
  else if (path === "/large") response.end("x".repeat(300_000));
  else if (path === "/gone") response.writeHead(404).end("nothing here");
  else if (path === "/empty") response.writeHead(204).end();
  else if (path === "/latin")
    response.writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" }).end(Buffer.from("Größe", "latin1"));
  else response.end(`Warenkorb ${request.headers.host} ${request.headers["user-agent"]}`);
};

let authority: TestAuthority;
let http: string;
beforeAll(async () => {
  authority = await testAuthority();
  http = `http://127.0.0.1:${await listen(createHttpServer(pages))}`;
});

const tlsSite = async (names: readonly string[], validDays?: number) => {
  const { certificate, privateKey } = await authority.issue(names, validDays);
  return `https://localhost:${await listen(createTlsServer({ cert: certificate, key: privateKey }, pages))}`;
};

describe("plain http", () => {
  test("status, text, size and times", async () => {
    const answer = await ask(`${http}/shop`, { texts: ["Warenkorb", "Kasse", "Hauswart"] });
    expect(answer).toMatchObject({
      outcome: "answered",
      problem: "",
      address: { address: "127.0.0.1", family: "ipv4" },
      certificate: null,
    });
    expect(answer.response).toMatchObject({ status: 200, httpVersion: "1.1", isCut: false, found: [true, false, true] });
    expect(answer.times.tlsMs).toBeNull();
    for (const time of [answer.times.dnsMs, answer.times.connectMs, answer.times.firstByteMs, answer.totalMs])
      expect(time).toBeGreaterThanOrEqual(0);
  });

  test.each([
    ["/gone", 404, 12],
    ["/empty", 204, 0],
  ])("%s answers %d", async (path, status, bodyBytes) => {
    expect((await ask(http + path)).response).toMatchObject({ status, bodyBytes });
  });

  test("a rule for addresses holds for each connection, also for a name that was fine a moment ago", async () => {
    const asked: string[] = [];
    const rule = (isFine: (nth: number) => boolean) => (address: string) => isFine(asked.push(address));
    const port = new URL(http).port;
    expect(await ask(`http://localhost:${port}/moved`, { family: "ipv4", mayConnectTo: rule((nth) => nth === 1) })).toMatchObject({
      outcome: "connect-failed",
      notAsked: "not-allowed",
      redirectCount: 1,
      response: null,
    });
    expect(asked).toEqual(["127.0.0.1", "127.0.0.1"]);
    const proxied = { proxy: http, mayConnectTo: rule(() => false) };
    expect(await ask("http://192.0.2.1/", proxied)).toMatchObject({ notAsked: "not-allowed", address: null });
  });
  test("redirects are followed, not for ever and not out of the web", async () => {
    expect(await ask(`${http}/moved`)).toMatchObject({
      outcome: "answered",
      finalUrl: `${http}/shop?from=moved`,
      redirectCount: 1,
      response: { status: 200 },
    });
    expect(await ask(`${http}/moved`, { redirectLimit: 0 })).toMatchObject({
      outcome: "answered",
      redirectCount: 0,
      response: { status: 301 },
    });
    expect(await ask(`${http}/loop`)).toMatchObject({ outcome: "too-many-redirects", redirectCount: 3 });
    expect(await ask(`${http}/out`)).toMatchObject({ outcome: "answered", redirectCount: 0, response: { status: 302 } });
  });

  test("no more is read than was allowed", async () => {
    expect((await ask(`${http}/large`)).response).toMatchObject({ bodyBytes: 100_000, isCut: true });
    expect((await ask(`${http}/large`, { bodyLimitBytes: 300_000 })).response).toMatchObject({ bodyBytes: 300_000, isCut: false });
  });

  test("texts are found in the letters that the page is written in", async () => {
    expect((await ask(`${http}/latin`, { texts: ["Größe"] })).response!.found).toEqual([true]);
  });

  test.each([
    ["/never", "answer"],
    ["/half", "body"],
  ])("%s runs out of time in its stage", async (path, problem) => {
    expect(await ask(http + path, { timeoutMs: stageMs })).toMatchObject({ outcome: "timed-out", problem, response: null });
  });

  test("who asks may give up", async () => {
    const abort = new AbortController();
    const answer = ask(`${http}/never`, { signal: abort.signal });
    abort.abort();
    expect((await answer).outcome).toBe("timed-out");
  });

  test("nobody listens, and nobody has that name", async () => {
    const port = await listen(createSocketServer());
    closing.pop()!();
    expect(await ask(`http://127.0.0.1:${port}/`)).toMatchObject({ outcome: "connect-failed", problem: "ECONNREFUSED" });
    expect(await ask("http://127.0.0.1/", { family: "ipv6" })).toMatchObject({ outcome: "name-unknown" });
  });

  test("IPv6", async () => {
    const port = await listen(createHttpServer(pages), "::1");
    expect(await ask(`http://[::1]:${port}/`)).toMatchObject({ outcome: "answered", address: { address: "::1", family: "ipv6" } });
  });

  test.each([
    ["SSH-2.0-OpenSSH_9.2\r\n", "NO_HTTP"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour", "BODY_INCOMPLETE"],
    ["", "EMPTY_ANSWER"],
    ["HTTP/1.1 200 OK\r\nX: ", "HEAD_INCOMPLETE"],
    [`HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`, "HEAD_TOO_LARGE"],
  ])("%j is no answer", async (said, problem) => {
    const port = await listen(createSocketServer((socket) => void socket.once("data", () => socket.end(said))));
    expect(await ask(`http://127.0.0.1:${port}/`)).toMatchObject({ outcome: "broken-answer", problem });
  });
});

describe("https", () => {
  const certificateOf = async (url: string, authorities = authority.certificate) => (await ask(url, { authorities })).certificate;

  test("a certificate of a trusted authority is well", async () => {
    const answer = await ask(await tlsSite(["localhost"], 30), { authorities: authority.certificate, texts: ["Warenkorb"] });
    expect(answer).toMatchObject({
      outcome: "answered",
      certificate: { problem: "", subject: "localhost", issuer: "Hauswart test authority" },
    });
    expect(answer.response).toMatchObject({ status: 200, found: [true] });
    expect(Math.round((answer.certificate!.validToMs - Date.now()) / 86_400_000)).toBe(30);
    expect(answer.times.tlsMs).toBeGreaterThan(0);
  });

  test("expired, issued for another, issued by nobody known: the page is read all the same", async () => {
    expect(await certificateOf(await tlsSite(["localhost"], -1))).toMatchObject({ problem: "CERT_HAS_EXPIRED" });
    expect(await certificateOf(await tlsSite(["other.example"]))).toMatchObject({
      problem: "ERR_TLS_CERT_ALTNAME_INVALID",
      subject: "other.example",
    });
    const unknown = await ask(await tlsSite(["localhost"]));
    expect(unknown.certificate!.problem).toMatch(/^UNABLE_TO_|^SELF_SIGNED/);
    expect(unknown.response?.status).toBe(200);
  });

  test("HTTP/2 where it is offered, or where it is demanded", async () => {
    const { certificate, privateKey } = await authority.issue(["localhost"]);
    const server = createSecureServer(
      { cert: certificate, key: privateKey, allowHTTP1: true },
      (_, response) => void response.end("Warenkorb"),
    );
    const url = `https://localhost:${await listen(server)}`;
    const authorities = authority.certificate;
    expect((await ask(url, { authorities, texts: ["Warenkorb"] })).response).toMatchObject({
      status: 200,
      httpVersion: "2",
      found: [true],
    });
    expect((await ask(url, { authorities, httpVersion: "1.1" })).response).toMatchObject({ httpVersion: "1.1" });
    expect(["broken-answer", "tls-failed"]).toContain((await ask(await tlsSite(["localhost"]), { authorities, httpVersion: "2" })).outcome);
  });

  test("a server that speaks no TLS, and one that says nothing", async () => {
    expect(await ask(http.replace("http:", "https:"))).toMatchObject({ outcome: "tls-failed", response: null });
    const silent = await listen(createSocketServer(() => undefined));
    expect(await ask(`https://127.0.0.1:${silent}/`, { timeoutMs: stageMs })).toMatchObject({ outcome: "timed-out", problem: "tls" });
  });

  test("through a proxy, which may refuse", async () => {
    const url = await tlsSite(["localhost"]);
    const proxy = await startConnectProxy();
    closing.push(() => void proxy.stop());
    const answer = await ask(url, { authorities: authority.certificate, proxy: `http://127.0.0.1:${proxy.port}` });
    expect(answer).toMatchObject({ outcome: "answered", certificate: { problem: "" }, response: { status: 200 } });
    expect(proxy.opened).toEqual([new URL(url).host]);
    const closed = await startConnectProxy({ credentials: "user:password" });
    closing.push(() => void closed.stop());
    expect(await ask(url, { proxy: `http://127.0.0.1:${closed.port}` })).toMatchObject({ outcome: "proxy-failed", problem: "STATUS_407" });
  });
});

describe("answers of HTTP/1, byte by byte", () => {
  function read(text: string, ended = true) {
    let body = "";
    const answer = new Http1Answer((part) => (body += part.toString("latin1")));
    for (const byte of Buffer.from(text, "latin1")) answer.push(Buffer.of(byte));
    if (ended) answer.end();
    return { status: answer.head?.status, body, isComplete: answer.isComplete };
  }

  test.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "abc"],
    ["HTTP/1.0 200\r\n\r\nuntil the end", "until the end"],
    [
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
      "abcde",
    ],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""],
  ])("%j", (text, body) => expect(read(text)).toEqual({ status: 200, body, isComplete: true }));

  test.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"],
    ["HTTP/1.1 999 OK\r\n\r\n"],
    ["HTTP/2 200 OK\r\n\r\n"],
  ])("%j is refused", (text) => expect(() => read(text)).toThrow(BrokenAnswer));
});
