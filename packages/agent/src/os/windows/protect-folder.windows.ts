/** A folder for the system and administrators alone, whatever its parent allows. */
import { dlopen } from "bun:ffi";
import { wide } from "./service-structures.ts";

/** Owner: administrators; nothing inherited; full control for the system and administrators, also of everything below. */
const descriptor = "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
const revision = 1;
/** OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION */
const parts = 0x1 | 0x4 | 0x80000000;

/** @throws with Windows' error when the folder cannot be protected */
export function protectFolder(path: string): void {
  const { symbols: advapi } = dlopen("advapi32.dll", {
    ConvertStringSecurityDescriptorToSecurityDescriptorW: { args: ["ptr", "u32", "ptr", "ptr"], returns: "i32" },
    SetFileSecurityW: { args: ["ptr", "u32", "u64"], returns: "i32" },
  });
  const { symbols: kernel } = dlopen("kernel32.dll", {
    GetLastError: { args: [], returns: "u32" },
    LocalFree: { args: ["u64"], returns: "u64" },
  });
  const address = Buffer.alloc(8);
  const ensure = (done: number) => {
    if (!done) throw new Error(`The folder ${path} cannot be protected (Windows error ${kernel.GetLastError()}).`);
  };
  ensure(advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(wide(descriptor), revision, address, null));
  const security = address.readBigUInt64LE();
  try {
    ensure(advapi.SetFileSecurityW(wide(path), parts, security));
  } finally {
    kernel.LocalFree(security);
  }
}
