/** `hauswart-agent enrol`. */
import { readFileSync } from "node:fs";
import { askStatus } from "../control/control-socket.ts";
import { enrol } from "../identity/enrol.ts";
import { describeProxy, parseProxySetting } from "../proxy/proxy-choice.ts";
import { agentVersion } from "../version.ts";
import type { CommandContext } from "./cli.ts";
import { required, UsageError } from "./options.ts";

export async function enrolCommand({ line, data, system, proxyEnvironment, environment, print }: CommandContext): Promise<number> {
  const server = required(line, "server");
  const token = line.text["token"] ?? environment["HAUSWART_AGENT_TOKEN"] ?? required(line, "token");
  const { name, proxy, ca } = line.text;
  if (proxy !== undefined) parseProxySetting(proxy); // complains about a wrong one before anything else is done
  const enrolment = await enrol({
    data,
    server,
    token,
    name,
    proxy,
    certificates: ca === undefined ? undefined : readCertificates(ca),
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
