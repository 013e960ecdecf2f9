/** A certificate is renewed under a running server: agents stay, newcomers see the new one. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { testCertificate, writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { testLimitMs, until } from "@hauswart/testkit/until.ts";

let server: ServerProcess;
let paths: { certificatePath: string; keyPath: string };
beforeAll(async () => {
  const dataDirectory = makeServerData();
  paths = await writeTestCertificate(dataDirectory);
  server = new ServerProcess({ dataDirectory, environment: { HAUSWART_TLS_CERT: paths.certificatePath, HAUSWART_TLS_KEY: paths.keyPath } });
  await server.restart();
}, testLimitMs);
afterAll(() => server?.stop(), testLimitMs);

const shown = () =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ port: Number(new URL(server.url).port), host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw.toString("base64"));
      socket.end();
    });
    socket.on("error", reject);
  });
const rawOf = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, "");

test(
  "SIGHUP makes a running server take the new certificate, and keep it when the next is broken; what is connected stays",
  async () => {
    const old = rawOf(readFileSync(paths.certificatePath, "utf8"));
    expect(await shown()).toBe(old);
    const processId = server.processId;
    const socket = new WebSocket(`${server.url.replace("https", "wss")}/agent/v1/link`, { tls: { rejectUnauthorized: false } } as never);
    let isClosed = false;
    socket.onclose = () => (isClosed = true);
    await new Promise((resolve) => (socket.onmessage = resolve));
    const next = await testCertificate();
    writeFileSync(paths.certificatePath, next.certificate);
    writeFileSync(paths.keyPath, next.privateKey);
    process.kill(processId, "SIGHUP");
    await until("the new certificate", async () => (await shown().catch(() => "")) === rawOf(next.certificate));
    writeFileSync(join(paths.certificatePath), "broken");
    process.kill(processId, "SIGHUP");
    await until("the server's word about it", () => server.output.includes("renewed certificate is not taken"));
    expect([await shown(), isClosed, server.processId]).toEqual([rawOf(next.certificate), false, processId]);
    socket.close();
  },
  testLimitMs,
);
