/** The agent that customers run, as a process of its own, enrolled at a house. */
import { realAgent, TestAgent } from "@hauswart/testkit/made-up-agent/agent-process.ts";
import { until } from "@hauswart/testkit/until.ts";
import { type House } from "./house.ts";

/** Enrols an agent and does not start it yet. @param place.url where it finds the server. @returns the id of its device. */
export async function enrolAgent(house: House, agent: TestAgent, place: { url?: string; siteId?: string } = {}): Promise<string> {
  const { url = house.server.url, siteId } = place;
  const { exitCode, stdout, stderr } = await agent.command("enrol", "--server", url, "--token", await house.enrolmentToken(1, siteId));
  const deviceId = /as device ([0-9a-f-]{36})/.exec(stdout)?.[1];
  if (exitCode !== 0 || !deviceId) throw new Error(`The agent could not be enrolled: ${stdout}${stderr}`);
  return deviceId;
}

export const newAgent = () => new TestAgent({}, realAgent);

/** Waits until the agent measures, and the server has all that was measured. */
export async function untilCurrent(agent: TestAgent): Promise<void> {
  await until("the agent to be current", async () => {
    const status = await agent.until(({ link, checks }) => link.state === "connected" && checks.length > 0);
    return status.lastAcknowledgedAt !== null && status.buffer.waitingBatches === 0;
  });
}

/** Has the agent measure once more, now. */
export async function measureNow(house: House, deviceId: string): Promise<void> {
  await until("the agent to be asked to measure", async () => (await house.api("measureDevice", { params: { deviceId } })).delivered);
}
