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
import type { Id } from "@hauswart/protocol/ids.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import { deviceDesk, newEnrolmentToken, startHouseServer, type DeviceDesk } from "./house-server.ts";
import type { MailServer } from "./mail-server.ts";
import type { TestServer } from "./server.ts";

export interface CheckHouseOptions {
  readonly collectors: readonly Collector[];
  readonly judged: readonly JudgedCheck[];
  /** Instead of this computer's own, where the test makes the answers. */
  readonly os?: Partial<Os>;
}

export interface CheckHouse extends DeviceDesk, AsyncDisposable {
  readonly server: TestServer;
  readonly mails: MailServer;
  readonly deviceId: Id;
  /** The agent's own folder. */
  readonly agentFolder: string;
  /** Lines that the agent wrote to its log. */
  readonly agentLog: readonly string[];
}

const noProxies = { all_proxy: "", https_proxy: "", no_proxy: "" };

/** Starts it all; `await using` ends it. */
export async function checkHouse({ collectors, judged, os }: CheckHouseOptions): Promise<CheckHouse> {
  const house = await startHouseServer(judged);
  const { server, mails } = house;
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
  return {
    server,
    mails,
    deviceId: device,
    agentFolder,
    agentLog,
    ...deviceDesk(server, device, () => agentLog.join("\n")),
    async [Symbol.asyncDispose]() {
      await agent.stop("agent-stop");
      await house.stop();
      rmSync(agentFolder, { recursive: true });
    },
  };
}

async function enrolHere(server: TestServer, agentFolder: string): Promise<Id> {
  const token = await newEnrolmentToken(server);
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
