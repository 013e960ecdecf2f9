/** A TCP relay on loopback: counts what passes (TLS included, TCP's own headers not), and can be cut like a line in the street. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Relay {
  /** The same address, by way of the relay. */
  readonly address: string;
  /** Bytes in both directions so far. */
  bytes(): number;
  /** From now on nothing passes, and neither side is told: connections stay open without a word. New ones are refused. */
  cut(): void;
  /** The line stands again. Connections from before are gone, new ones pass. */
  mend(): void;
  close(): Promise<void>;
}

/** @param to an https address of this computer */
export async function startRelay(to: string): Promise<Relay> {
  const target = new URL(to);
  let passed = 0;
  let isCut = false;
  const open = new Set<Socket>();
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  const join = (from: Socket, onto: Socket) => {
    open.add(from);
    from.on("data", (part: Buffer) => (passed += part.length));
    from.on("error", () => from.destroy());
    from.on("close", () => {
      open.delete(from);
      if (!isCut) onto.destroy();
    });
    from.pipe(onto);
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `https://${target.hostname}:${port}`,
    bytes: () => passed,
    cut() {
      isCut = true;
      for (const socket of open) {
        socket.unpipe();
        socket.pause();
      }
    },
    mend() {
      endAll();
      isCut = false;
    },
    close: async () => {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
