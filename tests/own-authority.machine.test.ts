/**
 * Nobody has a certificate, and other computers come all the same: the server makes its own (HAUSWART_TLS_OWN), and the very command that the
 * console shows is pasted on a computer that has a network of its own and knows of no authority but the usual ones.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:tls";
import { createClient } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { issueCertificate, certificateDays } from "@hauswart/server/own-authority/make-certificates.ts";
import { ensureOwnCertificate } from "@hauswart/server/own-authority/own-authority.ts";
import { ownFiles } from "@hauswart/server/own-authority/own-files.ts";
import { parseSettings } from "@hauswart/server/settings.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { makeSiteNetwork, type Machine, type SiteNetwork } from "@hauswart/testkit/nspawn.ts";
import { freePort } from "@hauswart/testkit/ports.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "../tools/build-agent.ts";
import { bootNewcomer, makeNewSite, paste, type NewSite } from "./support/pasted-command.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const dayMs = 86_400_000;

/** Another house's server, with an authority of its own and in our server's place: who tells it what. */
async function startImpostor(hostAddress: string, dataDirectory: string) {
  const settings = parseSettings({ HAUSWART_TLS_OWN: "yes", HAUSWART_URL: `https://${hostAddress}`, HAUSWART_DATA: dataDirectory });
  await ensureOwnCertificate(settings, Date.now());
  const files = ownFiles(dataDirectory);
  const heard: string[] = [];
  const server = Bun.serve({
    hostname: hostAddress,
    port: 0,
    tls: { cert: readFileSync(files.certificate, "utf8"), key: readFileSync(files.key, "utf8") },
    fetch: (request) => {
      heard.push(request.url);
      return new Response("echo mine");
    },
  });
  return { url: `https://${hostAddress}:${server.port}`, heard, stop: () => server.stop(true) };
}

describe("a server with an authority of its own", () => {
  let network: SiteNetwork;
  let server: ServerProcess;
  let machine: Machine;
  let site: NewSite;
  const impostorData = temporaryFolder("impostor");
  const files = () => ownFiles(server.dataDirectory);

  /** The certificate that newcomers are shown, after they have checked it by the authority. */
  const shown = () =>
    new Promise<X509Certificate>((resolve, reject) => {
      const { hostname: host, port } = new URL(server.url);
      const socket = connect({ host, port: Number(port), ca: readFileSync(files().authority) }, () => {
        resolve(new X509Certificate(socket.getPeerCertificate().raw));
        socket.end();
      });
      socket.on("error", reject);
    });

  beforeAll(async () => {
    if (missing !== undefined) return;
    await buildAgent();
    network = await makeSiteNetwork();
    const port = await freePort();
    server = new ServerProcess({
      dataDirectory: makeServerData(),
      port,
      environment: {
        HAUSWART_TLS_OWN: "yes",
        HAUSWART_URL: `https://${network.hostAddress}:${port}`,
        HAUSWART_LISTEN: network.hostAddress,
      },
    });
    await server.restart();
    machine = await bootNewcomer(network);
    // As everybody who was told of the authority, and of nothing else.
    const trusting = ((url: string, init: RequestInit) =>
      fetch(url, { ...init, tls: { ca: readFileSync(files().authority, "utf8") } })) as typeof fetch;
    const options = { base: server.url, fetch: trusting, table: routes };
    const { token } = await createClient(options)("createSession", { body: server.owner });
    site = await makeNewSite(createClient({ ...options, headers: { authorization: `Bearer ${token}` } }));
  }, 1_200_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await server?.stop();
    await network?.[Symbol.asyncDispose]();
  }, 60_000);

  machineTest(
    "gives its authority's certificate to everybody, and names it where the command is shown",
    async () => {
      const { authority } = await site.newToken();
      const answer = await machine.mustRun(["curl", "-fsS", "--insecure", server.url + authority!.path]);
      expect(new X509Certificate(answer).fingerprint256).toBe(authority!.fingerprint);
      expect(answer).toBe(readFileSync(files().authority, "utf8"));
      // A computer that was not told believes nothing of it.
      expect((await machine.run(["curl", "-fsS", server.url])).exitCode).toBe(60);
    },
    120_000,
  );

  machineTest(
    "its command tells another server nothing, and an agent does not enrol there",
    async () => {
      const impostor = await startImpostor(network.hostAddress, impostorData);
      try {
        const { exitCode, stderr } = await paste(machine, (await site.newCommand()).replaceAll(server.url, impostor.url));
        // CURLE_SSL_PINNEDPUBKEYNOTMATCH (libcurl-errors)
        expect([exitCode, stderr]).toEqual([90, expect.stringContaining("public key does not match pinned public key")]);
        await machine.installFile((await buildAgent()).path, "/root/hauswart-agent");
        await machine.writeFile("/root/ca.crt", readFileSync(files().authority));
        const enrolling = await machine.run(["/root/hauswart-agent", "enrol", "--server", impostor.url, "--ca", "/root/ca.crt"], {
          environment: { HAUSWART_AGENT_TOKEN: (await site.newToken()).token },
        });
        expect(enrolling.exitCode).not.toBe(0);
        expect(enrolling.stderr).toContain("cannot be reached");
        expect([impostor.heard, await site.devices()]).toEqual([[], []]);
        expect((await machine.run(["sh", "-c", "ls -d /tmp/tmp.* /var/lib/hauswart-agent/agent.json"])).stdout).toBe("");
      } finally {
        await impostor.stop();
      }
    },
    180_000,
  );

  machineTest(
    "MON-1 its command, pasted on another computer as it stands, brings the computer in",
    async () => {
      const { exitCode, stdout, stderr } = await paste(machine, await site.newCommand());
      expect([exitCode, stdout.includes("The agent runs."), stderr.includes("certificate")]).toEqual([0, true, false]);
      await until("the computer is there", async () => (await site.devices())[0]?.presence.state === "present");
      expect(await site.devices()).toMatchObject([{ name: "pc-empfang", system: "linux" }]);
      const kept = JSON.parse(await machine.readFile("/var/lib/hauswart-agent/agent.json")) as { certificates: string };
      expect(new X509Certificate(kept.certificates).fingerprint256).toBe((await site.newToken()).authority!.fingerprint);
      expect((await machine.run(["sh", "-c", "ls -d /tmp/tmp.*"])).stdout).toBe("");
    },
    180_000,
  );

  machineTest(
    "its certificate is renewed under a connected agent, which stays, and comes back to the new one; commands from before still hold",
    async () => {
      const command = await site.newCommand();
      const first = await shown();
      const [key, certificate, authorityKey] = [files().key, files().authority, files().authorityKey].map((path) =>
        readFileSync(path, "utf8"),
      ) as [string, string, string];
      // As it is a month before its end.
      const old = await issueCertificate({
        authority: { certificate, key: authorityKey },
        key,
        names: [network.hostAddress, "localhost", "127.0.0.1", "::1"],
        nowMs: Date.now() - (certificateDays - 30) * dayMs,
      });
      writeFileSync(files().certificate, old);
      const processId = server.processId;
      process.kill(processId, "SIGHUP");
      const renewed = await until("the renewed certificate", async () => {
        const now = await shown().catch(() => undefined);
        return now?.fingerprint256 !== first.fingerprint256 && now;
      });
      expect(Date.parse(renewed.validTo) - Date.now()).toBeGreaterThan((certificateDays - 1) * dayMs);
      expect(renewed.publicKey.equals(first.publicKey)).toBe(true);
      const [device] = await site.devices();
      expect([device!.presence.state, server.processId]).toEqual(["present", processId]);
      await machine.mustRun(["systemctl", "restart", "hauswart-agent"]);
      await until("the agent is back", async () => {
        const [now] = await site.devices();
        return now!.presence.state === "present" && now!.presence.since !== device!.presence.since;
      });
      expect((await paste(machine, command)).exitCode).toBe(0);
      expect(await site.devices()).toHaveLength(1);
    },
    240_000,
  );
});
