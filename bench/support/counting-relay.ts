/** A TCP relay on loopback that counts what passes: what a connection costs on the line, TLS included, TCP's own headers not. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface CountingRelay {
  /** The same address, by way of the relay. */
  readonly address: string;
  /** Bytes in both directions so far. */
  bytes(): number;
  close(): Promise<void>;
}

/** @param to an https address of this computer */
export async function startRelay(to: string): Promise<CountingRelay> {
  const target = new URL(to);
  let passed = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on("data", (part: Buffer) => (passed += part.length));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) keep(socket);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `https://${target.hostname}:${port}`,
    bytes: () => passed,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
