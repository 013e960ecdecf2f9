/** The way to a web server: name, connection, proxy, TLS; each stage timed. */
import { connect as connectSocket, type Socket } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { NetworkAddress } from "../calls.ts";
import { resolve } from "../resolve.ts";
import type { WebsiteAnswer, WebsiteCertificate, WebsiteOutcome, WebsiteQuestion } from "./calls.ts";

/** A stage did not succeed. */
export class StageError extends Error {
  override readonly name = "StageError";
  readonly outcome: WebsiteOutcome;
  readonly notAsked: WebsiteAnswer["notAsked"];
  constructor(outcome: WebsiteOutcome, problem: string, notAsked: WebsiteAnswer["notAsked"] = "") {
    super(problem);
    this.outcome = outcome;
    this.notAsked = notAsked;
  }
}

/** What is known so far; it stays when a later stage fails. */
export interface Progress {
  stage: "dns" | "connect" | "proxy" | "tls" | "answer" | "body";
  address: NetworkAddress | null;
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  firstByteMs: number | null;
  certificate: WebsiteCertificate | null;
}

export interface Connection {
  readonly socket: Socket;
  readonly speaksHttp2: boolean;
}

/** Of a name with many addresses so many are tried. */
const addressLimit = 3;
const proxyHeadLimitBytes = 8 * 1024;
const noRoute: ReadonlySet<string> = new Set(["ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

export const codeOf = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" && code !== "" ? code : String(message ?? error).slice(0, 100);
};
const since = (startMs: number) => Math.round((performance.now() - startMs) * 100) / 100;
const portOf = ({ port, protocol }: URL) => Number(port) || (protocol === "https:" ? 443 : 80);
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, "$1");

/** Opens a connection that the request can be sent on. @param signal destroys what is being opened. Throws StageError. */
export async function openConnection(url: URL, question: WebsiteQuestion, signal: AbortSignal, progress: Progress): Promise<Connection> {
  const proxy = question.proxy === "" ? undefined : new URL(question.proxy);
  const socket = await openSocket(proxy ?? url, question, signal, progress);
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  if (url.protocol !== "https:") return { socket, speaksHttp2: false };
  if (proxy) {
    progress.stage = "proxy";
    await openTunnel(socket, url);
  }
  progress.stage = "tls";
  const startMs = performance.now();
  const secured = await secure(socket, url, question);
  progress.tlsMs = since(startMs);
  progress.certificate = await certificateOf(secured, hostOf(url));
  return { socket: secured, speaksHttp2: secured.alpnProtocol === "h2" };
}

async function openSocket(
  to: URL,
  { family, mayConnectTo = () => true }: WebsiteQuestion,
  signal: AbortSignal,
  progress: Progress,
): Promise<Socket> {
  progress.stage = "dns";
  const startMs = performance.now();
  const addresses = await resolve(hostOf(to), family);
  progress.dnsMs = since(startMs);
  if (addresses === "no-answer") throw new StageError("name-unknown", "NO_NAME_SERVER", "no-name-server");
  if (addresses === "not-found" || addresses.length === 0) throw new StageError("name-unknown", "ENOTFOUND");
  const allowed = addresses.filter(({ address }) => mayConnectTo(address));
  if (allowed.length === 0) throw new StageError("connect-failed", "NOT_ALLOWED", "not-allowed");
  progress.stage = "connect";
  let last = "";
  for (const address of allowed.slice(0, addressLimit)) {
    progress.address = address;
    const connectMs = performance.now();
    try {
      const socket = await new Promise<Socket>((fulfil, reject) => {
        const opening = connectSocket({ host: address.address, port: portOf(to) });
        const abort = () => opening.destroy(new StageError("timed-out", "connect"));
        signal.addEventListener("abort", abort, { once: true });
        opening.once("connect", () => fulfil(opening));
        opening.once("error", reject);
        opening.once("close", () => reject(new StageError("connect-failed", "CLOSED")));
      });
      socket.setNoDelay(true);
      progress.connectMs = since(connectMs);
      return socket;
    } catch (error) {
      if (signal.aborted) throw error;
      last = codeOf(error);
    }
  }
  throw new StageError("connect-failed", last, noRoute.has(last) ? "no-route" : "");
}

/** Asks a proxy to connect us through (RFC 9110, 9.3.6). */
function openTunnel(socket: Socket, url: URL): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  return new Promise((fulfil, reject) => {
    let head = Buffer.alloc(0);
    const refuse = (problem: string) => (stop(), reject(new StageError("proxy-failed", problem)));
    const read = (part: Buffer) => {
      head = Buffer.concat([head, part]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return head.length > proxyHeadLimitBytes ? refuse("HEAD_TOO_LARGE") : undefined;
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1", 0, end))?.[1];
      if (status !== "200") return refuse(status === undefined ? "NO_HTTP" : `STATUS_${status}`);
      stop();
      fulfil();
    };
    const close = () => refuse("CLOSED");
    const stop = () => void socket.off("data", read).off("close", close);
    socket.on("data", read).on("close", close);
  });
}

const protocolsOf: Readonly<Record<WebsiteQuestion["httpVersion"], string[]>> = {
  automatic: ["h2", "http/1.1"],
  "1.1": ["http/1.1"],
  "2": ["h2"],
};

/** Certificates that are not to be trusted are told and not refused: what the website says is of interest all the same. */
async function secure(socket: Socket, url: URL, { authorities, httpVersion }: WebsiteQuestion): Promise<TLSSocket> {
  const { connect: connectTls, rootCertificates } = await import("node:tls");
  const host = hostOf(url);
  return new Promise((fulfil, reject) => {
    const secured = connectTls({
      socket,
      rejectUnauthorized: false,
      ALPNProtocols: protocolsOf[httpVersion],
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...(authorities === "" ? {} : { ca: [...rootCertificates, authorities] }),
    });
    secured.once("secureConnect", () => fulfil(secured));
    secured.once("error", (error) => reject(new StageError("tls-failed", codeOf(error))));
    secured.once("close", () => reject(new StageError("tls-failed", "CLOSED")));
  });
}

async function certificateOf(socket: TLSSocket, host: string): Promise<WebsiteCertificate | null> {
  const { checkServerIdentity } = await import("node:tls");
  const certificate = socket.getPeerCertificate(true);
  if (!certificate?.valid_to) return null;
  const chainProblem = socket.authorizationError ? codeOf(socket.authorizationError) : "";
  const nameProblem = checkServerIdentity(host, certificate);
  return {
    problem: chainProblem || (nameProblem ? codeOf(nameProblem) : ""),
    validToMs: Math.min(
      ...chainOf(certificate)
        .map(({ valid_to }) => Date.parse(valid_to))
        .filter(Number.isFinite),
    ),
    subject: nameIn(certificate.subject),
    issuer: nameIn(certificate.issuer),
  };
}

/** The certificate and those that vouch for it, the last of which names itself. */
function chainOf(certificate: PeerCertificate): PeerCertificate[] {
  const chain = [certificate];
  for (let next = (certificate as { issuerCertificate?: PeerCertificate }).issuerCertificate; next && chain.length < 10;) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next!.fingerprint256)) break;
    chain.push(next);
    next = (next as { issuerCertificate?: PeerCertificate }).issuerCertificate;
  }
  return chain;
}

const nameIn = (name: PeerCertificate["subject"] | undefined) => String(name?.CN ?? name?.O ?? "");
