/** Where this computer stands in its own network. */
import { ipv4Bytes } from "./socket-address.ts";

/** More are not told: virtual switches bring their own. */
const most = 4;

interface OwnAddress {
  readonly address: string;
  readonly cidr: string;
}

function addresses(): OwnAddress[] {
  const { networkInterfaces } = process.getBuiltinModule("node:os");
  return Object.values(networkInterfaces())
    .flatMap((own) => own ?? [])
    .flatMap(({ address, cidr, family, internal }) =>
      family === "IPv4" && !internal && cidr && !address.startsWith("169.254.") ? [{ address, cidr }] : [],
    )
    .slice(0, most);
}

/** IPv4 addresses in local networks. */
export const ownAddresses = (): string[] => addresses().map(({ address }) => address);

/** Whether an address stands in one of this computer's own networks. Exported with the networks to be tried. */
export function isNeighbour(address: string, own: readonly string[] = addresses().map(({ cidr }) => cidr)): boolean {
  const wanted = numberOf(address);
  if (wanted === undefined) return false;
  return own.some((cidr) => {
    const [network = "", length = ""] = cidr.split("/");
    const number = numberOf(network);
    const bits = Number(length);
    if (number === undefined || !Number.isInteger(bits) || bits < 16 || bits > 32 || number === wanted) return false;
    const size = 2 ** (32 - bits);
    return Math.floor(number / size) === Math.floor(wanted / size);
  });
}

function numberOf(address: string): number | undefined {
  const bytes = ipv4Bytes(address);
  return bytes && new DataView(bytes.buffer).getUint32(0);
}
