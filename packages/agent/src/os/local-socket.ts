/** A Unix socket in a folder that only its owner may enter: answers everybody who connects with one text, and asks another one. */

const answerLimitMs = 5_000;

/** Opens the socket. Throws what the system says when it cannot be had. @returns a function that closes it. */
export function answerLocally(path: string, answer: () => string): () => void {
  const server = Bun.listen<{ unsent: Uint8Array }>({
    unix: path,
    socket: {
      open(socket) {
        socket.data = { unsent: Buffer.from(answer()) };
        flush(socket);
      },
      drain: flush,
      data() {},
      error() {},
    },
  });
  return () => server.stop(true);
}

function flush(socket: Bun.Socket<{ unsent: Uint8Array }>): void {
  const written = socket.write(socket.data.unsent);
  if (written < 0) return; // the asker is gone
  socket.data.unsent = socket.data.unsent.subarray(written);
  if (socket.data.unsent.length === 0) socket.end();
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
      unix: path,
      socket: {
        data: (_, part) => void parts.push(Uint8Array.from(part)),
        close: () => done(Buffer.concat(parts).toString()),
        error: () => done(""),
      },
    }).catch(() => done(""));
  });
}
