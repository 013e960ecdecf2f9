/**
 * A Unix socket in a folder that only its owner may enter, on Windows a pipe named after it: answers everybody who connects with one
 * line of text. The asker hangs up, because the runtime loses what was sent right before the other side did (seen in two of three cases).
 */
import { createHash } from "node:crypto";

const answerLimitMs = 5_000;
const lineEnd = "\n".charCodeAt(0);

/** Windows has no sockets in folders, but pipes in a space of names of their own. */
function addressOf(path: string): string {
  if (process.platform !== "win32") return path;
  return `\\\\.\\pipe\\hauswart-${createHash("sha256").update(path.toLowerCase()).digest("hex").slice(0, 32)}`;
}

/** Opens the socket. Throws what the system says when it cannot be had. @param answer one line. @returns a function that closes it. */
export function answerLocally(path: string, answer: () => string): () => void {
  const server = Bun.listen<{ unsent: Uint8Array }>({
    unix: addressOf(path),
    socket: {
      open(socket) {
        socket.timeout(answerLimitMs / 1_000);
        socket.data = { unsent: Buffer.from(`${answer()}\n`) };
        flush(socket);
      },
      drain: flush,
      timeout: (socket) => void socket.end(),
      data() {},
      error() {},
    },
  });
  return () => server.stop(true);
}

function flush(socket: Bun.Socket<{ unsent: Uint8Array }>): void {
  const written = socket.write(socket.data.unsent);
  if (written > 0) socket.data.unsent = socket.data.unsent.subarray(written);
}

/** @returns the answer; empty when nobody answers. */
export function askLocally(path: string): Promise<string> {
  const parts: Uint8Array[] = [];
  return new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve(""), answerLimitMs);
    const done = (answer: string) => {
      clearTimeout(timer);
      resolve(answer);
    };
    Bun.connect({
      unix: addressOf(path),
      socket: {
        data(socket, part) {
          parts.push(Uint8Array.from(part));
          if (part.at(-1) !== lineEnd) return;
          done(Buffer.concat(parts).toString().trimEnd());
          socket.end();
        },
        close: () => done(""),
        error: () => done(""),
      },
    }).catch(() => done(""));
  });
}
