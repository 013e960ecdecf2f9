/** The door of collectors that measure from the server: to other computers, under a rule, and to nothing of the computer that it runs on. */
import type { NetworkCalls, WebsiteQuestion } from "../os/network/calls.ts";
import { Gate } from "../os/network/gate.ts";
import { isConnected, resolve } from "../os/network/resolve.ts";
import { OsError, type Os } from "../os/os.ts";

/** So many websites are asked at a time; each holds a connection and what is read of a page. */
const websitesAtATime = 16;

const refuse = (): never => {
  throw new OsError("COLLECT_UNSUPPORTED", "the server measures nothing of the computer that it runs on");
};
const never = async (): Promise<never> => refuse();

/** @param mayConnectTo whether an address may be asked */
export function outsideOs(mayConnectTo: (address: string) => boolean): Os {
  const websites = new Gate(websitesAtATime);
  const network: NetworkCalls = {
    isConnected,
    localNetworks: () => [],
    resolve: async (name, family) => {
      const found = await resolve(name, family);
      return typeof found === "string" ? found : found.filter(({ address }) => mayConnectTo(address));
    },
    echo: never,
    website: (question: WebsiteQuestion) =>
      websites.enter(async () => (await import("../os/network/website/ask.ts")).askWebsite({ ...question, mayConnectTo })),
    snmp: { session: never, search: never },
  };
  return {
    readFile: never,
    readStart: never,
    listDirectory: never,
    listFolder: never,
    readLink: never,
    fileSystemSize: never,
    fileInfo: never,
    queryDatabase: never,
    run: never,
    systemBus: never,
    diskPages: never,
    windows: never,
    network: () => Promise.resolve(network),
  };
}
