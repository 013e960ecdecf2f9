/** Asks a web server, redirects included. Never throws for what a server, a name or a network does. */
import type { WebsiteAnswer, WebsiteQuestion, WebsiteResponse } from "./calls.ts";
import { Body } from "./body.ts";
import { codeOf, openConnection, StageError, type Connection, type Progress } from "./connection.ts";
import { BrokenAnswer, Http1Answer } from "./http1-answer.ts";

const agentName = "Hauswart";

interface Hop {
  readonly response: WebsiteResponse;
  readonly location: string | undefined;
}

/** @param question checked by who asks: a URL of http or https. */
export async function askWebsite(question: WebsiteQuestion): Promise<WebsiteAnswer> {
  const startMs = performance.now();
  const deadline = AbortSignal.any([question.signal, AbortSignal.timeout(question.timeoutMs)]);
  let [url, redirectCount, response, certificate] = [
    new URL(question.url),
    0,
    null as WebsiteResponse | null,
    null as Progress["certificate"],
  ];
  let progress = freshProgress();
  const answer = (outcome: WebsiteAnswer["outcome"], problem: string, notAsked: WebsiteAnswer["notAsked"] = ""): WebsiteAnswer => ({
    outcome,
    problem,
    notAsked,
    finalUrl: url.href,
    redirectCount,
    address: progress.address,
    times: { dnsMs: progress.dnsMs, connectMs: progress.connectMs, tlsMs: progress.tlsMs, firstByteMs: progress.firstByteMs },
    totalMs: Math.round((performance.now() - startMs) * 100) / 100,
    certificate: progress.certificate ?? certificate,
    response,
  });
  for (;;) {
    certificate = progress.certificate ?? certificate;
    progress = freshProgress();
    try {
      const hop = await askOnce(url, question, deadline, progress);
      response = hop.response;
      const next = nextUrl(url, hop);
      if (next === undefined) return answer("answered", "");
      if (redirectCount >= question.redirectLimit)
        return question.redirectLimit === 0 ? answer("answered", "") : answer("too-many-redirects", "REDIRECTS");
      url = next;
      redirectCount++;
    } catch (error) {
      response = null;
      if (deadline.aborted) return answer("timed-out", progress.stage);
      if (error instanceof StageError) return answer(error.outcome, error.message, error.notAsked);
      if (error instanceof BrokenAnswer) return answer("broken-answer", error.message);
      return answer("broken-answer", codeOf(error));
    }
  }
}

const freshProgress = (): Progress => ({
  stage: "dns",
  address: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  firstByteMs: null,
  certificate: null,
});

/** Where a redirect leads; undefined for what is none, or leads out of the web. */
function nextUrl(url: URL, { response, location }: Hop): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url);
  return next.protocol === "http:" || next.protocol === "https:" ? next : undefined;
}

async function askOnce(url: URL, question: WebsiteQuestion, signal: AbortSignal, progress: Progress): Promise<Hop> {
  const connection = await untilAborted(signal, openConnection(url, question, signal, progress));
  try {
    if (question.httpVersion === "2" && !connection.speaksHttp2) throw new StageError("broken-answer", "HTTP2_NOT_OFFERED");
    progress.stage = "answer";
    const ask = connection.speaksHttp2 ? askHttp2 : askHttp1;
    return await untilAborted(signal, ask(url, question, connection, progress));
  } finally {
    connection.socket.destroy();
  }
}

/** What hangs is left to its end; its socket is destroyed by the same signal. */
function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return new Promise((fulfil, reject) => {
    const abort = () => reject(new StageError("timed-out", "signal"));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(fulfil, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const headers = { "user-agent": agentName, accept: "*/*", "accept-encoding": "identity" };

function askHttp1(url: URL, question: WebsiteQuestion, { socket }: Connection, progress: Progress): Promise<Hop> {
  const body = new Body(question.bodyLimitBytes);
  const startMs = performance.now();
  const answer = new Http1Answer((part) => void body.add(part));
  const path = `${url.pathname}${url.search}`;
  const target = question.proxy !== "" && url.protocol === "http:" ? `${url.origin}${path}` : path;
  const lines = Object.entries({ host: url.host, ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${target} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return new Promise((fulfil, reject) => {
    const finish = () => fulfil(hopOf(answer.head!, answer.head!.version, body, question, answer.head!.headers));
    const attempt = (work: () => void) => {
      try {
        work();
        if (answer.isComplete || body.isCut) finish();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    socket.on("data", (part: Buffer) => {
      progress.firstByteMs ??= Math.round((performance.now() - startMs) * 100) / 100;
      attempt(() => answer.push(part));
      if (answer.head) progress.stage = "body";
    });
    socket.once("end", () => attempt(() => answer.end()));
    socket.once("close", () => attempt(() => answer.end()));
    socket.once("error", reject);
  });
}

async function askHttp2(url: URL, question: WebsiteQuestion, { socket }: Connection, progress: Progress): Promise<Hop> {
  const body = new Body(question.bodyLimitBytes);
  const { connect: connectHttp2 } = await import("node:http2");
  const startMs = performance.now();
  return new Promise((fulfil, reject) => {
    const session = connectHttp2(url.origin, { createConnection: () => socket });
    session.once("error", reject);
    const stream = session.request({ ":path": `${url.pathname}${url.search}`, ":authority": url.host, ...headers });
    let answered: Record<string, unknown> = {};
    const finish = () => {
      const fields = new Map(
        Object.entries(answered).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
      );
      const status = Number(answered[":status"]);
      session.destroy();
      if (!Number.isInteger(status)) reject(new BrokenAnswer("HEAD_INCOMPLETE"));
      else fulfil(hopOf({ status }, "2", body, question, fields));
    };
    stream.once("response", (received) => {
      progress.firstByteMs = Math.round((performance.now() - startMs) * 100) / 100;
      progress.stage = "body";
      answered = received;
    });
    stream.on("data", (part: Buffer) => body.add(part) || finish());
    stream.once("end", finish);
    stream.once("error", reject);
    stream.end();
  });
}

function hopOf(
  { status }: { readonly status: number },
  httpVersion: WebsiteResponse["httpVersion"],
  body: Body,
  { texts }: WebsiteQuestion,
  fields: ReadonlyMap<string, string>,
): Hop {
  const found = body.find(texts, fields.get("content-type") ?? "");
  return { response: { status, httpVersion, bodyBytes: body.keptBytes, isCut: body.isCut, found }, location: fields.get("location") };
}
