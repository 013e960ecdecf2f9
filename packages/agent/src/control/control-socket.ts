/** The running agent answers whoever may enter its data directory: connect to agent.sock, read its status as JSON, done. */
import { rmSync } from "node:fs";
import type { Log } from "../log.ts";
import type { DataDirectory } from "../state/data-directory.ts";
import { AgentStatus } from "./status.ts";

const socketName = "agent.sock";
const answerLimitMs = 5_000;

/** Opens the socket; call only while holding the directory's lock. Where it cannot be had, the agent works without. @returns a function that closes it. */
export function serveStatus(data: DataDirectory, status: () => AgentStatus, log: Log): () => void {
  const path = data.file(socketName);
  try {
    rmSync(path, { force: true }); // what an agent left that was killed
    const server = Bun.listen<{ unsent: Uint8Array }>({
      unix: path,
      socket: {
        open(socket) {
          socket.data = { unsent: Buffer.from(JSON.stringify(status())) };
          flush(socket);
        },
        drain: flush,
        data() {},
        error() {},
      },
    });
    return () => {
      server.stop(true);
      rmSync(path, { force: true });
    };
  } catch (error) {
    log.warn("status cannot be asked for", { path, problem: error instanceof Error ? error.message : String(error) });
    return () => {};
  }
}

function flush(socket: Bun.Socket<{ unsent: Uint8Array }>): void {
  const written = socket.write(socket.data.unsent);
  if (written < 0) return;
  socket.data.unsent = socket.data.unsent.subarray(written);
  if (socket.data.unsent.length === 0) socket.end();
}

/** Asks the agent that works in a directory. @returns undefined when none answers. */
export async function askStatus(data: DataDirectory): Promise<AgentStatus | undefined> {
  const parts: Uint8Array[] = [];
  const text = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve(""), answerLimitMs);
    const done = (answer: string) => {
      clearTimeout(timer);
      resolve(answer);
    };
    Bun.connect({
      unix: data.file(socketName),
      socket: {
        data: (_, part) => void parts.push(Uint8Array.from(part)),
        close: () => done(Buffer.concat(parts).toString()),
        error: () => done(""),
      },
    }).catch(() => done(""));
  });
  if (text === "") return undefined;
  const parsed = AgentStatus.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}
