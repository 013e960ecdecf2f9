import { posixEcho } from "../network/posix-echo.ts";

const architecture = process.arch === "arm64" ? "aarch64" : "x86_64";
/** So that a router's answer is told by the next call: IP_RECVERR, IPV6_RECVERR (ip(7), ipv6(7)). */
const reportErrors = { ipv4: [0, 11, 1], ipv6: [41, 25, 1] } as const;
/** SO_TIMESTAMPNS (socket(7)). */
const stampArrival = [1, 35, 1] as const;

/** ICMP echo on Linux: glibc or musl, 64 bits. */
export const echo = posixEcho({
  libraries: ["libc.so.6", `/lib/libc.musl-${architecture}.so.1`, `/lib/ld-musl-${architecture}.so.1`],
  errorNumber: "__errno_location",
  families: { ipv4: 2, ipv6: 10 },
  beginsWithLength: false,
  socketFlags: 0o2000000,
  options: { ipv4: [stampArrival, reportErrors.ipv4], ipv6: [stampArrival, reportErrors.ipv6] },
  dontWait: 0x40,
  message: { bytes: 56, control: 32, controlLength: 40 },
  control: { headBytes: 16, lengthBytes: 8, level: 1, type: 35 },
  fractionsPerSecond: 1e9,
  errors: {
    again: 11,
    // ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT, ENODEV
    noRoute: [101, 100, 99, 97, 19],
    // EPERM, EACCES
    notPermitted: [1, 13],
    // EHOSTUNREACH, ECONNREFUSED, EHOSTDOWN, EPROTO
    unreachable: [113, 111, 112, 71],
  },
});
