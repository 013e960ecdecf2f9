import { posixEcho } from "../network/posix-echo.ts";

/** SO_TIMESTAMP; it comes as SCM_TIMESTAMP (sys/socket.h). */
const stampArrival = [0xffff, 0x0400, 1] as const;

/** ICMP echo on macOS, where everybody may open such a socket. Numbers from the system's headers. */
export const echo = posixEcho({
  libraries: ["libSystem.B.dylib"],
  errorNumber: "__error",
  families: { ipv4: 2, ipv6: 30 },
  beginsWithLength: true,
  socketFlags: 0,
  options: { ipv4: [stampArrival], ipv6: [stampArrival] },
  dontWait: 0x80,
  message: { bytes: 48, control: 32, controlLength: 40 },
  control: { headBytes: 12, lengthBytes: 4, level: 0xffff, type: 0x02 },
  fractionsPerSecond: 1e6,
  errors: {
    again: 35,
    // ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT
    noRoute: [51, 50, 49, 47],
    // EPERM, EACCES
    notPermitted: [1, 13],
    // EHOSTUNREACH, EHOSTDOWN, ECONNREFUSED
    unreachable: [65, 64, 61],
  },
});
