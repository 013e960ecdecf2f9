/**
 * A line to systemd's watchdog that takes no process and no native call per sign of life: a socket that is connected once, by a
 * native call, in the place of the standard input. It stays there when the process begins anew without native calls, and a sign of
 * life is then an ordinary write (sd_notify(3): one datagram to NOTIFY_SOCKET).
 */
import { dlopen, FFIType, ptr } from "bun:ffi";

/** AF_UNIX; SOCK_DGRAM with SOCK_CLOEXEC and SOCK_NONBLOCK: a service manager that does not read must not stop the agent (socket(2)). */
const [unixFamily, datagram] = [1, 2 | 0o2000000 | 0o4000];
const standardInput = 0;
/** sockaddr_un: family and 108 bytes of path (unix(7)). */
const [familyBytes, longestPath] = [2, 108];

const symbols = {
  socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  connect: { args: [FFIType.i32, FFIType.ptr, FFIType.u32], returns: FFIType.i32 },
  dup2: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
} as const;
const libraries = ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`];

function openLibrary() {
  for (const name of libraries) {
    try {
      return dlopen(name, symbols).symbols;
    } catch {
      // the other C library
    }
  }
  return undefined;
}

/** sockaddr_un of a path, or of an abstract name that begins with @; undefined for what fits neither. */
export function unixAddress(name: string): Uint8Array | undefined {
  const path = Buffer.from(name.startsWith("@") ? `\0${name.slice(1)}` : `${name}\0`);
  if (!/^[/@]./.test(name) || path.length > longestPath) return undefined;
  const address = new Uint8Array(familyBytes + path.length);
  new DataView(address.buffer).setUint16(0, unixFamily, true);
  address.set(path, familyBytes);
  return address;
}

/** Puts a socket that is connected to this address in the place of the standard input. @returns whether it did */
export function connectStandardInput(socketName: string): boolean {
  const address = unixAddress(socketName);
  const library = address && openLibrary();
  if (!library) return false;
  const socket = library.socket(unixFamily, datagram, 0);
  // The copy stays open when the process is replaced; the socket itself does not.
  return socket >= 0 && library.connect(socket, ptr(address), address.length) === 0 && library.dup2(socket, standardInput) >= 0;
}
