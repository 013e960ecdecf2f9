/** What a built agent says of itself to somebody who sits at its computer. */
import type { CommandResult } from "./command.ts";
import { until } from "./until.ts";

/**
 * Waits until an agent is connected in its own eyes. One that has greeted its server and is not welcomed yet says no goodbye when it is stopped.
 * @param status runs `hauswart-agent status` there
 */
export async function agentConnected(status: () => Promise<CommandResult>): Promise<void> {
  let said: CommandResult | undefined;
  await until(
    () => `the agent to be connected; it says ${JSON.stringify(said)}`,
    async () => {
      said = await status();
      return /Connection +connected/.test(said.stdout);
    },
  );
}
