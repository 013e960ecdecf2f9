/**
 * A site's line to the server, as a relay on the site's gateway. It can be cut, for all or for one computer: the server loses the
 * connection at once, as it would after its patience with one that says nothing, and the computers notice nothing.
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface SiteLine extends AsyncDisposable {
  readonly port: number;
  /** @param address of the computer that it is cut for; for all when left out */
  cut(address?: string): void;
  /** For everybody; connections from before are gone. */
  mend(): void;
}

/** @param hostname the gateway's address @param target port of the server on 127.0.0.1 */
export async function startSiteLine(hostname: string, target: number): Promise<SiteLine> {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket | undefined }>();
  const cutFor = new Set<string>();
  let isCut = false;
  const server = createServer((near) => {
    near.on("error", () => near.destroy());
    if (isCut || cutFor.has(near.remoteAddress ?? "")) return void pairs.add({ near: near.pause(), far: undefined });
    const far = connect(target, "127.0.0.1");
    const pair = { near, far };
    pairs.add(pair);
    far.on("error", () => far.destroy());
    near.on("close", () => {
      pairs.delete(pair);
      far.destroy();
    });
    far.on("close", () => pairs.has(pair) && !isCut && !cutFor.has(near.remoteAddress ?? "") && near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, hostname, resolve));
  const endAll = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far?.destroy();
    }
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut(address) {
      if (address === undefined) isCut = true;
      else cutFor.add(address);
      for (const { near, far } of pairs) {
        if (address !== undefined && near.remoteAddress !== address) continue;
        far?.unpipe();
        near.unpipe();
        near.pause();
        far?.destroy();
      }
    },
    mend() {
      isCut = false;
      cutFor.clear();
      endAll();
    },
    async [Symbol.asyncDispose]() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
