/** Networks to addresses. Pure. */

/** What fits into a measurement's time, with some to spare. */
export const addressLimit = 512;

const networkForm = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** First address and number of addresses of a network, or of a single address; undefined for what is none of IPv4. */
function rangeOf(network: string): { first: number; count: number } | undefined {
  const [, ...parts] = networkForm.exec(network.trim()) ?? [];
  const bytes = parts.slice(0, 4).map(Number);
  const bits = parts[4] === undefined ? 32 : Number(parts[4]);
  if (bytes.length < 4 || bytes.some((byte) => byte > 255) || bits < 8 || bits > 32) return undefined;
  const count = 2 ** (32 - bits);
  return { first: Math.floor(numberOf(bytes) / count) * count, count };
}

const numberOf = (bytes: readonly number[]) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const textOf = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** The first entry that names no network; undefined when all do. */
export const unreadableNetwork = (networks: readonly string[]): string | undefined => networks.find((network) => !rangeOf(network));

/** A network by its first address, whichever of its addresses it was written with; undefined for what is none. */
export function networkName(network: string): string | undefined {
  const range = rangeOf(network);
  return range && `${textOf(range.first)}/${32 - Math.log2(range.count)}`;
}

/** Whether a network holds an address. */
export function isWithin(address: string, network: string): boolean {
  const [range, host] = [rangeOf(network), rangeOf(address)];
  return range !== undefined && host !== undefined && host.first >= range.first && host.first < range.first + range.count;
}

/** The hosts of these networks, each once, at most so many. Names of networks and broadcast addresses are no hosts. */
export function hostsOf(networks: readonly string[], limit = addressLimit): { addresses: string[]; isPartial: boolean } {
  const addresses = new Set<string>();
  for (const network of networks) {
    const range = rangeOf(network);
    if (!range) continue;
    const edge = range.count > 2 ? 1 : 0;
    for (let offset = edge; offset < range.count - edge; offset++) {
      const address = textOf(range.first + offset);
      if (addresses.size >= limit && !addresses.has(address)) return { addresses: [...addresses], isPartial: true };
      addresses.add(address);
    }
  }
  return { addresses: [...addresses], isPartial: false };
}
