/** `npm start -- --network`: under which address other computers reach this one. */
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";

/** The address cannot be found out; what to do, for a person. */
export class NetworkAddressError extends Error {
  override readonly name = "NetworkAddressError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that open the server to the network; what is set already stays. @throws NetworkAddressError */
export async function networkEnvironment(environment: Environment): Promise<Record<string, string>> {
  const { HAUSWART_URL: url, HAUSWART_PORT: port = "8080" } = environment;
  const hasTls = [environment["HAUSWART_TLS_CERT"], environment["HAUSWART_TLS_AT_PROXY"]].some(Boolean);
  return {
    HAUSWART_URL: url || `https://${await networkAddress()}:${port}`,
    ...(hasTls ? {} : { HAUSWART_TLS_OWN: environment["HAUSWART_TLS_OWN"] || "yes" }),
  };
}

/** @throws NetworkAddressError */
async function networkAddress(): Promise<string> {
  return chooseAddress(
    await addressOfRoute(),
    Object.values(networkInterfaces()).flatMap((found) => found ?? []),
  );
}

interface KnownAddress {
  readonly address: string;
  readonly family: string;
  readonly internal: boolean;
}

/**
 * The IPv4 address by which this computer goes out; else the only one that it has.
 * @param ofRoute undefined where nothing leads outside
 * @throws NetworkAddressError when there is none, or which one cannot be known
 */
export function chooseAddress(ofRoute: string | undefined, known: readonly KnownAddress[]): string {
  const addresses = known.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address);
  const [only, ...others] = addresses;
  if (ofRoute !== undefined && addresses.includes(ofRoute)) return ofRoute;
  if (only !== undefined && others.length === 0) return only;
  throw new NetworkAddressError(
    only === undefined
      ? "This computer has no address in a network. Connect it, or say under which address others reach it: HAUSWART_URL=https://…"
      : `This computer has several addresses (${addresses.join(", ")}). Say which one others reach: HAUSWART_URL=https://${only}:8080`,
  );
}

/** Where a datagram to the outside would start; none is sent. The goal is an address for documents (RFC 5737), which nobody has. */
function addressOfRoute(): Promise<string | undefined> {
  const socket = createSocket("udp4");
  return new Promise<string | undefined>((resolve) => {
    socket.once("error", () => resolve(undefined));
    socket.connect(9, "192.0.2.1", () => resolve(socket.address().address));
  }).finally(() => socket.close());
}
