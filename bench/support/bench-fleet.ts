/** A simulated fleet for benchmarks: enrolled over the real endpoint, connected, configured, and as quiet or busy as asked. */
import { createClient, type Client } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { enrolComputers, type EnrolledDevice } from "@hauswart/simulator/enrol.ts";
import { Fleet, type FleetOptions } from "@hauswart/simulator/fleet.ts";
import type { ServerUnderTest } from "./server-under-test.ts";
import { minuteChecks, minuteSimulations, otherChecksOff } from "./minute-checks.ts";

/** The API as the owner, or as somebody else, over the server's own certificate. */
export async function signIn(server: ServerUnderTest, who = server.owner): Promise<Client> {
  const trusting = (url: string, init: object) => fetch(url, { ...init, tls: { ca: server.certificate } } as RequestInit);
  const options = { base: server.url, fetch: trusting as never, table: routes };
  const { token } = await createClient(options)("createSession", { body: who });
  return createClient({ ...options, headers: { authorization: `Bearer ${token}` } });
}

export interface EnrolledFleet {
  readonly computers: SimulatedComputer[];
  readonly devices: EnrolledDevice[];
  /** One token per site. */
  readonly siteIds: string[];
}

/**
 * Makes customers with one site each and enrols devices into them, evenly.
 * @param shape changes a computer before it is enrolled.
 */
export async function enrolFleet(
  api: Client,
  server: ServerUnderTest,
  count: number,
  sites: number,
  shape: (computer: SimulatedComputer) => void = () => undefined,
): Promise<EnrolledFleet> {
  const tokens: string[] = [];
  const siteIds: string[] = [];
  for (let at = 0; at < sites; at++) {
    const { customerId } = await api("createCustomer", { body: { name: `Customer ${String(at + 1).padStart(3, "0")}` } });
    const { siteId } = await api("createSite", { body: { customerId, name: "Site" } });
    const { token } = await api("createEnrolmentToken", {
      body: { siteId, uses: Math.ceil(count / sites) + 1, role: "workstation", validHours: 1 },
    });
    siteIds.push(siteId);
    tokens.push(token);
  }
  const computers = Array.from({ length: count }, (_, index) => {
    const computer = simulateComputer(index);
    shape(computer);
    return computer;
  });
  const devices = await enrolComputers(
    { url: server.url, certificate: server.certificate },
    computers,
    ({ index }) => tokens[index % sites]!,
  );
  return { computers, devices, siteIds };
}

/** Connects an enrolled fleet and waits until every device is configured. */
export async function connectFleet(
  server: Pick<ServerUnderTest, "url" | "certificate">,
  { computers, devices }: EnrolledFleet,
  options: Partial<FleetOptions> = {},
): Promise<Fleet> {
  const fleet = await Fleet.create({
    server: { url: server.url, certificate: server.certificate },
    computers,
    devices,
    checks: minuteSimulations,
    ...options,
  });
  await fleet.start(1_000);
  await fleet.until((agent) => agent.isConnected && agent.isConfigured, 180_000);
  return fleet;
}

const everySeconds = 60 as const;

/**
 * Twenty instances of checks, as many as a well-watched computer runs; all others are off.
 * @param more checks that the instances beyond one of each are of, in turn.
 */
export function twentyChecks(more: readonly string[] = ["cpu-load", "memory"]) {
  const defaults = minuteChecks.map((check) => ({ check, everySeconds }));
  const others = Array.from({ length: 20 - defaults.length }, (_, at) => ({
    check: more[at % more.length]!,
    instance: `more-${at + 1}`,
    everySeconds,
  }));
  return [...defaults, ...others, ...otherChecksOff];
}

/** Gives every device twenty instances. */
export const assignTwentyChecks = (api: Client, more?: readonly string[]) =>
  api("createPolicy", { body: { name: "Twenty checks", checks: twentyChecks(more), assignments: [{ scope: "provider", scopeId: "" }] } });

/** Twenty instances of these checks in turn. */
export const assignTwentyMixedChecks = (api: Client) => assignTwentyChecks(api, minuteChecks);
