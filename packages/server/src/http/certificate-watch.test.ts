import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { silentLogger } from "../operation/log.ts";
import { testCertificate, type TestCertificate } from "@hauswart/testkit/certificate.ts";
import { until } from "@hauswart/testkit/until.ts";
import { faultOf, watchCertificate, type CertificateWatch } from "./certificate-watch.ts";
import type { HttpServerOptions } from "./create-http-server.ts";
import { addressesOf, listen, type Listening } from "./listen.ts";

let folder: string;
let first: TestCertificate;
let second: TestCertificate;
let server: Listening;
let watch: CertificateWatch;
const pairOf = ({ certificate, privateKey }: TestCertificate) => ({ cert: certificate, key: privateKey });
const write = ({ certificate, privateKey }: TestCertificate) => {
  writeFileSync(join(folder, "certificate.pem"), certificate);
  writeFileSync(join(folder, "key.pem"), privateKey);
};

const options = (): HttpServerOptions => ({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 30,
  maxRequestBodySize: 1_000,
  development: false,
  tls: pairOf(first),
  fetch: (request, bun) => {
    if (request.headers.get("upgrade") === "websocket")
      return bun.upgrade(request, { data: undefined as never }) ? undefined : new Response();
    if (!request.url.endsWith("/stream")) return new Response("here");
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue("begins ");
        await streamMayEnd;
        controller.enqueue("ends");
        controller.close();
      },
    });
    return new Response(body);
  },
  websocket: { message: (socket, message) => void socket.send(message) },
  error: () => new Response(null, { status: 500 }),
});
let streamMayEnd: Promise<void>;
let endStream: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-certificate-"));
  [first, second] = await Promise.all([testCertificate(), testCertificate()]);
  ({ promise: streamMayEnd, resolve: endStream } = Promise.withResolvers<void>());
  write(first);
  server = listen("localhost", options());
  watch = watchCertificate(
    {
      certificatePath: join(folder, "certificate.pem"),
      keyPath: join(folder, "key.pem"),
      log: silentLogger,
      now: Date.now,
      take: (pair) => server.renew(pair),
    },
    pairOf(first),
  );
});
afterEach(async () => {
  watch.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** The certificate that a new connection is shown, by its fingerprint. */
const shown = (host = "127.0.0.1") =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ port: server.port, host, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw.toString("base64"));
      socket.end();
    });
    socket.on("error", reject);
  });
const rawOf = ({ certificate }: TestCertificate) => certificate.replace(/-----[^-]+-----|\s/g, "");

describe("a renewed certificate", () => {
  test("is shown to new connections of every address; those that are there stay", async () => {
    expect(await shown()).toBe(rawOf(first));
    const socket = new WebSocket(`wss://127.0.0.1:${server.port}`, { tls: { rejectUnauthorized: false } } as never);
    await new Promise((resolve) => (socket.onopen = resolve));
    const stream = await fetch(`https://127.0.0.1:${server.port}/stream`, { tls: { rejectUnauthorized: false } } as never);
    write(second);
    expect([await watch.look(), watch.problem()]).toEqual([true, undefined]);
    for (const address of addressesOf("localhost")) expect(await shown(address)).toBe(rawOf(second));
    const echo = new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(data)));
    socket.send("still here");
    expect(await echo).toBe("still here");
    endStream();
    expect(await stream.text()).toBe("begins ends");
    expect(await watch.look()).toBe(false);
    socket.close();
  });

  test("is taken at once after SIGHUP", async () => {
    write(second);
    process.kill(process.pid, "SIGHUP");
    await until("the new certificate", async () => (await shown().catch(() => "")) === rawOf(second));
  });

  test("that cannot be used leaves the old one in use, and says why until it is mended", async () => {
    for (const [pair, reason] of [
      [{ ...second, certificate: "no certificate" }, /holds no certificate/],
      [{ ...second, privateKey: first.privateKey }, /does not belong to the certificate/],
      [{ ...second, privateKey: "no key" }, /holds no private key/],
    ] as const) {
      write(pair);
      expect(await watch.look()).toBe(false);
      expect(watch.problem()).toMatch(reason);
      expect(await shown()).toBe(rawOf(first));
    }
    rmSync(join(folder, "key.pem"));
    expect(await watch.look()).toBe(false);
    expect(watch.problem()).toMatch(/ENOENT/);
    write(second);
    expect([await watch.look(), watch.problem()]).toEqual([true, undefined]);
    expect(await shown()).toBe(rawOf(second));
  });
});

test("a certificate is good for its time alone", () => {
  const dayMs = 86_400_000;
  expect(faultOf(pairOf(first), Date.now())).toBeUndefined();
  expect(faultOf(pairOf(first), Date.now() + 400 * dayMs)).toMatch(/ended on/);
  expect(faultOf(pairOf(first), Date.now() - 400 * dayMs)).toMatch(/begins only/);
});
