/** Routes and network cards of the same network (iphlpapi.dll). Declared apart where Wine has not all of it. */
import type { Gateway } from "../network/gateways.ts";
import { windowsGateways } from "../network/gateways.ts";
import { ipv4Bytes } from "../network/socket-address.ts";
import { library, winError } from "./library.ts";

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getipforwardtable, …/nf-iphlpapi-getipnettable */
const tables = library("iphlpapi.dll", {
  GetIpForwardTable: ["u32", "pointer", "pointer", "status"],
  GetIpNetTable: ["u32", "pointer", "pointer", "status"],
});
/** …/iphlpapi/nf-iphlpapi-getbestinterface, …/netioapi/nf-netioapi-resolveipnetentry2 */
const resolving = library("iphlpapi.dll", {
  GetBestInterface: ["u32", "u32", "pointer"],
  ResolveIpNetEntry2: ["u32", "pointer", "pointer"],
});

const [notFound, badNetworkName, unreachable] = [1_168, 67, 1_231];
/** MIB_IPNET_ROW2: address, index of the interface, its LUID, network card, that one's length, … */
const entryBytes = 88;
const internetFamily = 2;

/** Where packets leave this computer's networks; IPv4 alone. */
export const gateways = (): Gateway[] => windowsGateways(tableOf("GetIpForwardTable"), tableOf("GetIpNetTable"));

/** Empty where there is none. It may grow between the question for its size and the one for it. */
function tableOf(call: "GetIpForwardTable" | "GetIpNetTable"): Buffer {
  const size = Buffer.alloc(4);
  let bytes = Buffer.alloc(4);
  for (let attempt = 0; attempt < 5; attempt++) {
    size.writeUInt32LE(bytes.length);
    const code = tables()[call](bytes, size, 0);
    if (code === 0) return bytes;
    if (code !== winError.insufficientBuffer) break;
    bytes = Buffer.alloc(size.readUInt32LE() + 512);
  }
  return Buffer.alloc(4);
}

/**
 * Whether a neighbour's address resolves to a network card: forgets what is known and asks (ARP), for up to three seconds. Throws OsError
 * where this version of Windows cannot. @returns null when it could not be told
 */
export function resolves(address: string): boolean | null {
  const host = ipv4Bytes(address);
  if (!host) return null;
  const index = Buffer.alloc(4);
  if (resolving().GetBestInterface(Buffer.from(host).readUInt32LE(), index) !== 0) return null;
  const entry = Buffer.alloc(entryBytes);
  entry.writeUInt16LE(internetFamily, 0);
  entry.set(host, 4);
  index.copy(entry, 28);
  const code = resolving().ResolveIpNetEntry2(entry, null);
  if (code === 0) return entry.readUInt32LE(72) > 0;
  return code === badNetworkName || code === notFound || code === unreachable ? false : null;
}
