/**
 * `npm run simulate -- --agents N --minutes M --story NAME`: a simulated fleet over the real protocol, against a server of its own that
 * is thrown away afterwards; its console is open meanwhile. `--server URL --token T` sends the fleet to another server, `--fleet FILE`
 * keeps the devices' keys, so that the same fleet comes back. `npm start -- --demo` uses this too.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import simulatedChecks from "@hauswart/features/registry/simulator.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { EnrolledDevice, enrolComputers, type ServerAccess } from "@hauswart/simulator/enrol.ts";
import { Fleet } from "@hauswart/simulator/fleet.ts";
import { ServerProcess, makeServerData } from "@hauswart/testkit/server-process.ts";
import { createClient } from "@hauswart/protocol/api/client.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { stories } from "@hauswart/simulator/stories/index.ts";
import { z } from "zod";

const demoDevices = 60;
const demoSites = 5;

const { values } = parseArgs({
  options: {
    server: { type: "string" },
    ca: { type: "string" },
    token: { type: "string" },
    agents: { type: "string", default: "100" },
    minutes: { type: "string", default: "10" },
    story: { type: "string" },
    fleet: { type: "string" },
    demo: { type: "boolean", default: false },
  },
});

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}

const Tokens = z.array(z.object({ role: z.enum(["workstation", "server"]), site: z.int(), token: z.string() }));

/** Which token enrols a computer: the one given, or in the demonstration the one of its site and role. */
function tokenChooser(ownToken: string | undefined): (computer: SimulatedComputer) => string {
  const tokens = Tokens.parse(JSON.parse(process.env["HAUSWART_SIMULATOR_TOKENS"] ?? "[]"));
  return (computer) => {
    const site = Math.floor((computer.index / demoDevices) * demoSites);
    const found = ownToken ?? values.token ?? tokens.find((token) => token.site === site && token.role === computer.role)?.token;
    return found ?? fail("A token is needed to enrol the simulated devices: --token T (make one in the console, with enough uses).");
  };
}

interface OwnServer {
  readonly url: string;
  readonly token: string;
  /** Prints what the story has led to. */
  tell(): Promise<void>;
  stop(): Promise<void>;
}

/** A server in a temporary folder with one site that takes so many devices. */
async function startOwnServer(devices: number): Promise<OwnServer> {
  const process = new ServerProcess({ dataDirectory: makeServerData() });
  await process.restart();
  const { url, owner } = process;
  const options = { base: url, fetch: fetch as never, table: routes };
  const session = await createClient(options)("createSession", { body: owner });
  const api = createClient({ ...options, headers: { authorization: `Bearer ${session.token}` } });
  const { customerId } = await api("createCustomer", { body: { name: "Simulation" } });
  const { siteId } = await api("createSite", { body: { customerId, name: "Hauptsitz" } });
  const { token } = await api("createEnrolmentToken", { body: { siteId, uses: Math.min(10_000, devices + 1), validHours: 24 } });
  console.error(`A server for this simulation: ${url}  (${owner.email}, ${owner.password})`);
  return {
    url,
    token,
    async tell() {
      const { devices: counts, findings } = await api("getOverview", { query: {} });
      const { items } = await api("listOutbox", { query: { limit: 500 } });
      console.log(
        `${counts.measured} of ${counts.total} devices measured; open findings: ${findings.failure} failures, ${findings.warning} warnings; mails: ${items.length}`,
      );
    },
    stop: () => process.stop(),
  };
}

async function enrolled(
  server: ServerAccess,
  computers: readonly SimulatedComputer[],
  ownToken: string | undefined,
): Promise<EnrolledDevice[]> {
  if (values.fleet && existsSync(values.fleet)) return z.array(EnrolledDevice).parse(JSON.parse(readFileSync(values.fleet, "utf8")));
  const devices = await enrolComputers(server, computers, tokenChooser(ownToken));
  if (values.fleet) writeFileSync(values.fleet, JSON.stringify(devices), { mode: 0o600 });
  return devices;
}

const wholeNumber = (name: "agents" | "minutes") => {
  const value = Number(values[name]);
  return value > 0 && value <= 20_000 ? value : fail(`--${name} must be a number from 1 to 20000.`);
};
const minutes = values.demo ? Number.POSITIVE_INFINITY : wholeNumber("minutes");
const count = values.demo ? demoDevices : Math.floor(wholeNumber("agents"));
const storyName = values.story ?? (values.demo ? "demo" : "calm");
const story = stories.get(storyName) ?? fail(`There is no story ${storyName}. There are: ${[...stories.keys()].join(", ")}.`);

const own = values.server === undefined ? await startOwnServer(count) : undefined;
const server: ServerAccess = { url: own?.url ?? values.server!, ...(values.ca ? { certificate: readFileSync(values.ca, "utf8") } : {}) };
const computers = Array.from({ length: count }, (_, index) => simulateComputer(index));
const devices = await enrolled(server, computers, own?.token);
story.tell(computers, Date.now());
const fleet = await Fleet.create({ server, computers: computers.slice(0, devices.length), devices, checks: simulatedChecks });
await fleet.start();
console.error(`${devices.length} simulated devices tell “${story.name}”: ${story.description}`);

await new Promise<void>((resolve) => {
  if (Number.isFinite(minutes)) setTimeout(resolve, minutes * 60_000);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
await own?.tell();
await fleet.stop("shutdown");
await own?.stop();
process.exit(0);
