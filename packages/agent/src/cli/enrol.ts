/** `hauswart-agent enrol`. */
import { readFileSync } from "node:fs";
import { askStatus } from "../control/control-socket.ts";
import { enrol } from "../identity/enrol.ts";
import { writeOrder, type EnrolmentOrder } from "../identity/enrolment-order.ts";
import { serverAddress } from "../identity/server-address.ts";
import { describeProxy, parseProxySetting } from "../proxy/proxy-choice.ts";
import { readEnrolment } from "../state/enrolment.ts";
import { agentVersion } from "../version.ts";
import type { CommandContext } from "./cli.ts";
import { required, UsageError } from "./options.ts";

export async function enrolCommand(context: CommandContext): Promise<number> {
  const { line, data, system, proxyEnvironment, environment, print } = context;
  const server = line.text["server"] ?? environment["HAUSWART_AGENT_SERVER"] ?? required(line, "server");
  const token = line.text["token"] ?? environment["HAUSWART_AGENT_TOKEN"] ?? required(line, "token");
  // An installer hands over all of its properties, and empty ones are not given.
  const [name, proxy, ca] = ["name", "proxy", "ca"].map((option) => line.text[option] || undefined);
  if (proxy !== undefined) parseProxySetting(proxy); // complains about a wrong one before anything else is done
  data.ensure();
  await system.protectFolder?.(data.path);
  const certificates = ca === undefined ? undefined : readCertificates(ca);
  if (line.flags["later"]) return leaveToService(context, { server, token, name, proxy, certificates });
  const enrolment = await enrol({
    data,
    server,
    token,
    name,
    proxy,
    certificates,
    environment: await proxyEnvironment(),
    computer: { ...(await system.describe()), agentVersion },
    now: Date.now(),
  });
  print(`Enrolled at ${enrolment.server} as device ${enrolment.deviceId}.`);
  if (proxy !== undefined) print(`Proxy: ${describeProxy(parseProxySetting(proxy))}`);
  print(
    (await askStatus(data)) ? "An agent is running with the identity of before: restart it." : "Start the service, or: hauswart-agent run",
  );
  return 0;
}

/** An installer's way: nothing is asked of the network now, and an upgrade that repeats its words changes nothing. */
function leaveToService({ data, print }: CommandContext, order: EnrolmentOrder): number {
  serverAddress(order.server); // complains about one that cannot be right
  if (readEnrolment(data)) {
    print("This computer is enrolled already; it keeps its identity.");
    return 0;
  }
  writeOrder(data, order);
  print("The service enrols this computer as soon as it reaches the server.");
  return 0;
}

function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--ca ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new UsageError(`--ca ${path} holds no certificate in PEM form.`);
  return text;
}
