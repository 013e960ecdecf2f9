/**
 * The whole way of one check in the test's own process: this computer's agent with the check's collector, a real server with its
 * judge, and a real mail server at the end.
 *
 *   await using house = await checkHouse({ collectors, judged });
 *   await house.setPolicy([{ check: "network-ping", instance: "192.0.2.1", settings: {} }]);
 *   await house.mails.waitForMail((mail) => …);
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAgent } from "@hauswart/agent/agent.ts";
import { realClock } from "@hauswart/agent/clock.ts";
import type { Collector } from "@hauswart/agent/collector.ts";
import { enrol } from "@hauswart/agent/identity/enrol.ts";
import { createLog } from "@hauswart/agent/log.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { thisSystem } from "@hauswart/agent/os/system.ts";
import { DataDirectory } from "@hauswart/agent/state/data-directory.ts";
import { agentVersion } from "@hauswart/agent/version.ts";
import type { DeviceCheck, PolicyCheck } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { startMail } from "@hauswart/server/mail/start-mail.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";
import { testServer, type TestServer } from "./server.ts";

export interface CheckHouseOptions {
  readonly collectors: readonly Collector[];
  readonly judged: readonly JudgedCheck[];
  /** Instead of this computer's own, where the test makes the answers. */
  readonly os?: Partial<Os>;
}

export interface CheckHouse extends AsyncDisposable {
  readonly server: TestServer;
  readonly mails: MailServer;
  readonly deviceId: Id;
  /** The agent's own folder. */
  readonly agentFolder: string;
  /** Lines that the agent wrote to its log. */
  readonly agentLog: readonly string[];
  /** Makes the device's one policy say this. @returns its id */
  setPolicy(checks: readonly PolicyCheckInput[]): Promise<Id>;
  /** Asks the agent to measure at once. */
  measureNow(): Promise<void>;
  /** Looks until the check is as wanted; fails with what it last was. */
  waitForCheck(check: string, instance: string, isWanted: (found: DeviceCheck) => boolean): Promise<DeviceCheck>;
}

type PolicyCheckInput = Pick<PolicyCheck, "check"> & Partial<PolicyCheck>;

const noProxies = { all_proxy: "", https_proxy: "", no_proxy: "" };
const limitMs = 45_000;
const lookEveryMs = 100;

/** Starts it all; `await using` ends it. */
export async function checkHouse({ collectors, judged, os }: CheckHouseOptions): Promise<CheckHouse> {
  const mails = await startMailServer();
  const server = await testServer({
    services: { checks: new Map(judged.map((one) => [one.definition.id, one])) },
    settings: { smtpUrl: mails.url },
  });
  const mail = startMail(server.services);
  const agentFolder = mkdtempSync(join(tmpdir(), "hauswart-house-"));
  const agentLog: string[] = [];
  const device = await enrolHere(server, agentFolder);
  const found = await thisSystem();
  const agent = await startAgent({
    data: new DataDirectory(agentFolder),
    system: { ...found, os: { ...found.os, ...os } },
    collectors,
    log: createLog((line) => void agentLog.push(line)),
    clock: realClock,
    environment: noProxies,
  });
  let policy: { policyId: Id; revision: number } | undefined;
  return {
    server,
    mails,
    deviceId: device,
    agentFolder,
    agentLog,
    async setPolicy(checks) {
      const said = checks.map((check) => ({ instance: "", enabled: true, settings: {}, ...check }));
      policy = policy
        ? await server.api("changePolicy", { params: { policyId: policy.policyId }, body: { checks: said, revision: policy.revision } })
        : await server.api("createPolicy", {
            body: { name: "House", checks: said, assignments: [{ scope: "device", scopeId: device }] },
          });
      return policy.policyId;
    },
    measureNow: async () => void (await server.api("measureDevice", { params: { deviceId: device } })),
    async waitForCheck(check, instance, isWanted) {
      let last: DeviceCheck | undefined;
      for (const endMs = performance.now() + limitMs; performance.now() < endMs; await Bun.sleep(lookEveryMs)) {
        const { items } = await server.api("listDeviceChecks", { params: { deviceId: device } });
        last = items.find((one) => one.check === check && one.instance === instance);
        if (last && isWanted(last)) return last;
      }
      throw new Error(`${check} ${instance} did not become what was wanted; it is ${JSON.stringify(last)}\n${agentLog.join("\n")}`);
    },
    async [Symbol.asyncDispose]() {
      await agent.stop("agent-stop");
      await mail.stop();
      await server.close();
      await mails.stop();
      rmSync(agentFolder, { recursive: true });
    },
  };
}

async function enrolHere(server: TestServer, agentFolder: string): Promise<Id> {
  const { customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Zentrale" } });
  await server.api("createRecipient", { body: { address: "technik@example.com", language: "de" } });
  const { token } = await server.api("createEnrolmentToken", { body: { siteId } });
  const system = await thisSystem();
  const { deviceId } = await enrol({
    data: new DataDirectory(agentFolder),
    server: server.url,
    token,
    name: "PC-EMPFANG",
    environment: noProxies,
    computer: { ...(await system.describe()), agentVersion },
    now: Date.now(),
  });
  return deviceId;
}
