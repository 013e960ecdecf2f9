/**
 * The whole way of the checks of a Windows computer: the built agent, enrolled and running on a Windows computer (wine.ts), a real server
 * with their judges, and a real mail server at the end.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import judged from "../../../features/registry/server.ts";
import { deviceDesk, newEnrolmentToken, startHouseServer, type DeviceDesk } from "./house-server.ts";
import type { MailServer } from "./mail-server.ts";
import type { TestServer } from "./server.ts";
import { startWindows, type WindowsComputer, type WindowsOptions } from "./wine.ts";

export interface WindowsHouse extends DeviceDesk, AsyncDisposable {
  readonly server: TestServer;
  readonly mails: MailServer;
  readonly computer: WindowsComputer;
  readonly deviceId: Id;
}

const agentFile = "C:\\Hauswart\\hauswart-agent.exe";
const data = ["--data", "C:\\Hauswart\\data"];

/**
 * Starts it all; `await using` ends it.
 * @param agentProgram path of the agent that was built for Windows
 * @param checks those that the server knows; what others find would come between
 */
export async function windowsHouse(agentProgram: string, checks: readonly string[], options: WindowsOptions): Promise<WindowsHouse> {
  await using stack = new AsyncDisposableStack();
  const house = await startHouseServer((judged as readonly JudgedCheck[]).filter(({ definition }) => checks.includes(definition.id)));
  stack.defer(() => house.stop());
  const computer = stack.use(await startWindows(options));
  await computer.installFile(agentProgram, agentFile);
  const { server } = house;
  const token = await newEnrolmentToken(server);
  await computer.mustRun([agentFile, "enrol", "--server", server.url, "--token", token, ...data]);
  const agent = computer.start([agentFile, "run", ...data]);
  const { items } = await server.api("listDevices");
  const { deviceId } = items[0]!;
  const parts = stack.move();
  return {
    server,
    mails: house.mails,
    computer,
    deviceId,
    ...deviceDesk(server, deviceId, () => agent.output()),
    [Symbol.asyncDispose]: () => parts[Symbol.asyncDispose](),
  };
}
