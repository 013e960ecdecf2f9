/**
 * Why a computer is offline, found by real agents on two computers of one network: one of them is lost in every way that there is, the
 * other looks for it. Time is moved on the server's records and not waited for.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import type { Id } from "@hauswart/protocol/ids.ts";
import { sweepSilence } from "@hauswart/server/presence/sweep-silence.ts";
import { sweepSites } from "@hauswart/server/presence/sweep-sites.ts";
import { sweepWitnesses } from "@hauswart/server/presence/sweep-witnesses.ts";
import { writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, makeSiteNetwork, type Machine, type SiteNetwork } from "@hauswart/testkit/nspawn.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { startSiteLine, type SiteLine } from "@hauswart/testkit/site-line.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "../../tools/build-agent.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const patienceMs = 120_000;
/** Longer than a server may be silent, and short enough that a loss is still looked into. */
const lostMinutes = 6;

describe("why a computer is offline", () => {
  const folder = temporaryFolder("offline");
  let network: SiteNetwork;
  let line: SiteLine;
  let server: TestServer;
  let lost: Machine;
  let neighbour: Machine;
  const ids = new Map<Machine, Id>();

  const sql = <Row extends object>(statement: string, ...values: unknown[]) =>
    server.database.unwalled("test", (tx) => tx.sql<Row>(statement, values as never));
  const deviceOf = (machine: Machine) => server.api("getDevice", { params: { deviceId: ids.get(machine)! } });
  const isGone = async (machine: Machine) =>
    (
      await sql<{ gone: boolean }>(
        "select coalesce(disconnected_at >= connected_at, false) as gone from hauswart.device_link where device_id = $1",
        ids.get(machine),
      )
    )[0]?.gone === true;
  /** Waits until the server has lost them, and lets minutes pass. */
  const lose = async (...machines: Machine[]) => {
    for (const machine of machines) await until(`${machine.hostName} is lost`, () => isGone(machine));
    await sql(
      `update hauswart.device_link set connected_at = now() - interval '1 day', last_seen_at = now() - $2::int * interval '1 minute', disconnected_at = now() - $2::int * interval '1 minute'
       where device_id = any($1::uuid[])`,
      machines.map((machine) => ids.get(machine)),
      lostMinutes,
    );
  };
  /** Has the neighbour look, and waits for what it says. */
  const witnessed = async () => {
    await sql("delete from hauswart.presence_witness where true");
    expect(await sweepWitnesses(server.services)).toBe(1);
    await until("the neighbour has looked", async () => (await sql("select 1 as one from hauswart.presence_witness")).length > 0);
  };
  const openFindings = async () =>
    (
      await sql<{
        device_id: Id | null;
        code: string;
        why: string | null;
        certainty: string | null;
        clues: string | null;
        hold_kind: string | null;
      }>(
        "select device_id, code, evidence ->> 'why' as why, evidence ->> 'certainty' as certainty, evidence ->> 'clues' as clues, hold_kind from hauswart.finding where closed_at is null and code in ('silent', 'offline') order by code, finding_id",
      )
    ).map(({ code, why, certainty, clues, hold_kind }) => ({ code, why, certainty, clues: clues?.split(" ") ?? [], hold: hold_kind }));
  const back = async (...machines: Machine[]) => {
    for (const machine of machines)
      await until(
        async () => `${machine.hostName} to be back: ${JSON.stringify((await deviceOf(machine)).presence)}`,
        async () => (await deviceOf(machine)).presence.state === "present",
      );
    await sweepSites(server.services);
    await until(
      async () => `nothing to be found any more: ${JSON.stringify(await openFindings())}`,
      async () => (await openFindings()).length === 0,
    );
  };

  async function install(machine: Machine, siteId: Id, certificate: string): Promise<void> {
    const { token } = await server.api("createEnrolmentToken", { body: { siteId, uses: 1, role: "server" } });
    await machine.installFile((await buildAgent()).path, "/root/hauswart-agent");
    await machine.writeFile("/root/ca.pem", certificate);
    await machine.mustRun(
      ["/root/hauswart-agent", "enrol", "--server", `https://${network.hostAddress}:${line.port}`, "--ca", "/root/ca.pem"],
      { environment: { HAUSWART_AGENT_TOKEN: token } },
    );
    await machine.mustRun(["/root/hauswart-agent", "install"]);
    await until(`${machine.hostName} is there`, async () => {
      const { items } = await server.api("listDevices");
      const device = items.find(({ name }) => name === machine.hostName);
      if (device) ids.set(machine, device.deviceId);
      return device?.presence.state === "present";
    });
  }

  beforeAll(async () => {
    if (missing !== undefined) return;
    network = await makeSiteNetwork();
    const tls = { kind: "certificate" as const, ...(await writeTestCertificate(folder, [network.hostAddress])) };
    server = await testServer({ settings: { tls } });
    line = await startSiteLine(network.hostAddress, Number(new URL(server.url).port));
    [lost, neighbour] = await Promise.all([
      bootMachine({ hostName: "srv-buero", network }),
      bootMachine({ hostName: "srv-lager", network }),
    ]);
    const { customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } });
    const { siteId } = await server.api("createSite", { body: { customerId, name: "Zentrale" } });
    for (const machine of [lost, neighbour]) await install(machine, siteId, readFileSync(tls.certificatePath, "utf8"));
    // The server has been there all the time, so nothing of this is its own doing.
    await sql("update hauswart.server_process set started_at = now() - interval '2 days' where true");
  }, 660_000);
  afterAll(async () => {
    for (const machine of [lost, neighbour]) await machine?.[Symbol.asyncDispose]();
    await line?.[Symbol.asyncDispose]();
    await server?.close();
    await network?.[Symbol.asyncDispose]();
  });

  machineTest(
    "ALM-1 the agent is killed and the computer runs: a neighbour gets an answer from it",
    async () => {
      expect((await deviceOf(lost)).network).toEqual({
        addresses: [lost.network!.machineAddress],
        gateways: [{ address: network.hostAddress, card: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/) }],
      });
      await lost.writeFile("/run/systemd/system/hauswart-agent.service.d/dead.conf", "[Service]\nRestart=no\n");
      await lost.mustRun(["systemctl", "daemon-reload"]);
      await lost.mustRun(["systemctl", "kill", "--signal=KILL", "hauswart-agent"]);
      await lose(lost);
      await witnessed();
      await sweepSilence(server.services);
      expect(await openFindings()).toEqual([
        {
          code: "silent",
          why: "agent-dead",
          certainty: "certain",
          clues: expect.arrayContaining(["answers-ping", "resolves"]),
          hold: null,
        },
      ]);
      expect((await deviceOf(lost)).offline).toMatchObject({ reason: "agent-dead", witnesses: [{ deviceName: "srv-lager" }] });
      await lost.mustRun(["systemctl", "start", "hauswart-agent"]);
      await back(lost);
    },
    patienceMs,
  );

  machineTest(
    "ALM-1 the power is cut: the neighbour is connected, and sees nothing of the computer",
    async () => {
      line.cut(lost.network!.machineAddress);
      await lost.network!.setLink("down");
      await lost.cutPower();
      // The neighbour has not spoken with it for a while.
      await neighbour.network!.forgetNeighbours();
      await lose(lost);
      await witnessed();
      await sweepSilence(server.services);
      const clues = expect.arrayContaining(["no-ping", "does-not-resolve", "others-connected"]);
      expect(await openFindings()).toEqual([{ code: "silent", why: "computer-gone", certainty: "likely", clues, hold: null }]);
      expect((await deviceOf(neighbour)).presence.state).toBe("present");
      line.mend();
      await lost.network!.setLink("up");
      await lost.powerOn();
      await back(lost, neighbour);
    },
    patienceMs,
  );

  machineTest(
    "ALM-1 somebody shuts the computer down: that is known for certain, and nobody is alarmed",
    async () => {
      await lost.powerOff();
      await until("the goodbye is written down", async () => (await deviceOf(lost)).presence.reason === "shutdown");
      await lose(lost);
      expect(await sweepWitnesses(server.services)).toBe(0);
      await sweepSilence(server.services);
      expect(await openFindings()).toEqual([]);
      expect((await deviceOf(lost)).offline).toMatchObject({ reason: "shut-down", certainty: "certain", clues: ["goodbye"] });
      await lost.powerOn();
      await back(lost);
    },
    patienceMs,
  );

  machineTest(
    "ALM-1 the site's line is cut: one finding for the site, and it explains its computers",
    async () => {
      line.cut();
      await lose(lost, neighbour);
      expect(await sweepWitnesses(server.services)).toBe(0);
      await sweepSites(server.services);
      await sweepSilence(server.services);
      const [site] = await sql<{ gateway: string }>(
        "select evidence ->> 'gateway' as gateway from hauswart.finding where code = 'offline' and closed_at is null",
      );
      expect(site!.gateway).toBe(network.hostAddress);
      const clues = expect.arrayContaining(["site-offline", "others-lost"]);
      const silent = { code: "silent", why: "site-offline", certainty: "likely", clues, hold: "cause" };
      expect(await openFindings()).toEqual([{ code: "offline", why: null, certainty: null, clues: [], hold: null }, silent, silent]);
      line.mend();
      await back(lost, neighbour);
    },
    patienceMs,
  );
});
