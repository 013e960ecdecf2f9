/** One server with everything that a survival test asks of it: the API as its owner, its database from behind, devices to enrol. */
import simulatedChecks from "@hauswart/features/registry/simulator.ts";
import { createClient, type Client } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { enrolComputers, type EnrolledDevice } from "@hauswart/simulator/enrol.ts";
import { Fleet, type FleetOptions } from "@hauswart/simulator/fleet.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { patienceMs, until } from "@hauswart/testkit/until.ts";
import { Client as PostgresClient } from "pg";

export interface EnrolledComputers {
  readonly computers: SimulatedComputer[];
  readonly devices: EnrolledDevice[];
}

/** Starts a server with one customer and one site. @param dataDirectory a new one when left out. */
export async function openHouse(environment: Readonly<Record<string, string>> = {}, dataDirectory = makeServerData()): Promise<House> {
  const server = new ServerProcess({ dataDirectory, environment });
  try {
    await server.restart();
    const base = { base: server.url, fetch: fetch as never, table: routes };
    const { token } = await createClient(base)("createSession", { body: server.owner });
    const api = createClient({ ...base, headers: { authorization: `Bearer ${token}` } });
    const { customerId } = await api("createCustomer", { body: { name: "Bäckerei Sommer" } });
    const { siteId } = await api("createSite", { body: { customerId, name: "Backstube" } });
    return new House(server, api, token, customerId, siteId);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export class House {
  readonly server: ServerProcess;
  /** As the owner. Goes on after a restart. */
  readonly api: Client;
  /** The owner's session, for requests that no client would send. */
  readonly token: string;
  readonly customerId: string;
  readonly siteId: string;
  #devices = 0;

  constructor(server: ServerProcess, api: Client, token: string, customerId: string, siteId: string) {
    this.server = server;
    this.api = api;
    this.token = token;
    this.customerId = customerId;
    this.siteId = siteId;
  }

  /** A site of its own: the same computer enrolled there is another device. */
  async addSite(name: string): Promise<string> {
    return (await this.api("createSite", { body: { customerId: this.customerId, name } })).siteId;
  }

  async enrolmentToken(uses = 1, siteId = this.siteId): Promise<string> {
    const { token } = await this.api("createEnrolmentToken", { body: { siteId, uses, role: "workstation", validHours: 1 } });
    return token;
  }

  /** Enrols simulated computers that nobody has enrolled before. @param shape changes a computer before. */
  async enrol(
    count: number,
    shape: (computer: SimulatedComputer) => void = () => undefined,
    siteId = this.siteId,
  ): Promise<EnrolledComputers> {
    const token = await this.enrolmentToken(count, siteId);
    const computers = Array.from({ length: count }, () => {
      const computer = simulateComputer(this.#devices++);
      shape(computer);
      return computer;
    });
    return { computers, devices: await enrolComputers({ url: this.server.url }, computers, () => token) };
  }

  /** Connects enrolled computers and waits until each is configured. They measure when they are told to. */
  async connect({ computers, devices }: EnrolledComputers, options: Partial<FleetOptions> = {}): Promise<Fleet> {
    const fleet = await Fleet.create({
      server: { url: this.server.url },
      computers,
      devices,
      checks: simulatedChecks,
      isScheduled: false,
      ...options,
    });
    await fleet.start();
    await fleet.until((agent) => agent.isConnected && agent.isConfigured, patienceMs);
    return fleet;
  }

  /** Asks the database itself, past all walls. */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new PostgresClient({ host: this.server.socketDirectory, user: "postgres", database: "hauswart" });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** The device's findings with this code, newest first. */
  async findings(deviceId: string, code: string): Promise<Finding[]> {
    const { items } = await this.api("listFindings", { query: { deviceId, limit: 200 } });
    return items.filter((finding) => finding.code === code);
  }

  /** Waits for an open finding with this code. */
  openFinding(deviceId: string, code: string): Promise<Finding> {
    return until(`an open finding ${code}`, async () => (await this.findings(deviceId, code)).find(({ state }) => state === "open"));
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
