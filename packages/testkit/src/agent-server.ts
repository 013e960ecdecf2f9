/** The agents' end of a server and nothing else, on a database that the test brings: to be killed, broken and started again. */
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { systemClock } from "@hauswart/server/clock.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import { agentGateway } from "@hauswart/server/gateway/agent-gateway.ts";
import { refreshDeviceChecks } from "@hauswart/server/policies/refresh-device-checks.ts";
import { beatProcess } from "@hauswart/server/presence/process-heartbeat.ts";
import type { Services } from "@hauswart/server/services.ts";
import { seedDevice, seedTenant, testServices, type SeededCustomer, type SeededTenant } from "./seed.ts";
import { tankRegistry } from "./tank-check.ts";
import { makeAgentKey, testComputer, WireAgent } from "./wire-agent.ts";

export interface AgentServer extends AsyncDisposable {
  readonly url: string;
  readonly services: Services;
  /** Ends in an orderly way. */
  close(): Promise<void>;
  /** Cuts all connections without a word and forgets everything, as far as that goes within one process. */
  crash(): Promise<void>;
}

/** Starts one; several may share a database, one after the other. Devices run the tank check. */
export async function agentServer(database: Database, changes: Partial<Services> = {}): Promise<AgentServer> {
  const services = testServices(database, { clock: systemClock, checks: tankRegistry, ...changes });
  await ensurePartitions(services);
  const heartbeat = beatProcess(services);
  await heartbeat.started;
  const gateway = agentGateway(services);
  const http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    websocket: gateway.websocket,
    fetch: (request, server) => gateway.upgrade(request, server, "127.0.0.1"),
  });
  const close = async () => {
    await gateway.close();
    await http.stop(true);
    await heartbeat.stop();
  };
  const crash = async () => {
    await http.stop(true);
    await gateway.close();
    await heartbeat.stop();
  };
  return { url: `http://127.0.0.1:${http.port}`, services, close, crash, [Symbol.asyncDispose]: close };
}

export interface SeededFleet {
  readonly tenant: SeededTenant;
  readonly agents: readonly WireAgent[];
}

/** A tenant with devices that run the tank check, and an agent for each. */
export async function seedFleet(server: AgentServer, count: number): Promise<SeededFleet> {
  const tenant = await seedTenant(server.services.database);
  const agents: WireAgent[] = [];
  for (let index = 0; index < count; index++) agents.push(await seedAgent(server, tenant, tenant.first, `tank-${index}`));
  return { tenant, agents };
}

/** One more device of a customer that runs the tank check. @returns its agent */
export async function seedAgent(
  { services, url }: AgentServer,
  tenant: SeededTenant,
  customer: SeededCustomer,
  name: string,
): Promise<WireAgent> {
  const deviceId = await seedDevice(services.database, tenant, customer, name);
  const { privateKey, publicKey } = makeAgentKey();
  const computer = testComputer({ hostname: name });
  await services.database.transaction({ providerId: tenant.providerId, customers: "*" }, async (tx) => {
    await tx.sql("update device set public_key = $2, fingerprint = $3, agent_checks = '{\"tank\": 1}' where device_id = $1", [
      deviceId,
      Buffer.from(publicKey, "base64"),
      computer.fingerprint,
    ]);
    await refreshDeviceChecks(tx, services, { providerId: tenant.providerId, deviceId });
  });
  return new WireAgent({ url, deviceId, privateKey, computer });
}
