/** The running agent answers whoever may enter its data directory: connect to agent.sock, read its status as JSON, done. */
import { rmSync } from "node:fs";
import type { Log } from "../log.ts";
import { answerLocally, askLocally } from "../os/local-socket.ts";
import type { DataDirectory } from "../state/data-directory.ts";
import { AgentStatus } from "./status.ts";

const socketName = "agent.sock";

/** Opens the socket; call only while holding the directory's lock. Where it cannot be had, the agent works without. @returns a function that closes it. */
export function serveStatus(data: DataDirectory, status: () => AgentStatus, log: Log): () => void {
  const path = data.file(socketName);
  try {
    rmSync(path, { force: true }); // what an agent left that was killed
    const close = answerLocally(path, () => JSON.stringify(status()));
    return () => {
      close();
      rmSync(path, { force: true });
    };
  } catch (error) {
    log.warn("status cannot be asked for", { path, problem: error instanceof Error ? error.message : String(error) });
    return () => {};
  }
}

/** Asks the agent that works in a directory. @returns undefined when none answers. */
export async function askStatus(data: DataDirectory): Promise<AgentStatus | undefined> {
  const text = await askLocally(data.file(socketName));
  if (text === "") return undefined;
  const parsed = AgentStatus.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}
