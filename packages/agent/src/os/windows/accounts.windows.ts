/** Accounts by their names. https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupaccountnamew */
import { lastError, library, wide, windowsError } from "./library.ts";
import { sidText } from "./sid.ts";

const security = library("advapi32.dll", {
  LookupAccountNameW: ["status", "pointer", "pointer", "pointer", "pointer", "pointer", "pointer", "pointer"],
});

/** SECURITY_MAX_SID_SIZE, and the longest name of a domain (DNS). */
const sidBytes = 68;
const domainLength = 256;
/** ERROR_NONE_MAPPED, ERROR_NO_SUCH_DOMAIN, ERROR_INVALID_PARAMETER: such a name there cannot be. */
const noSuchAccount: readonly number[] = [1332, 1355, 87];

/** See `WindowsCalls.accountSid`. Blocks, for as long as a domain controller takes to answer. */
export function accountSid(name: string): string | undefined {
  const sid = Buffer.alloc(sidBytes);
  const sidSize = Buffer.alloc(4);
  sidSize.writeUInt32LE(sid.length);
  const domainSize = Buffer.alloc(4);
  domainSize.writeUInt32LE(domainLength);
  if (security().LookupAccountNameW(null, wide(name), sid, sidSize, Buffer.alloc(domainLength * 2), domainSize, Buffer.alloc(4)) === 0) {
    const code = lastError();
    if (noSuchAccount.includes(code)) return undefined;
    throw windowsError("LookupAccountName", code);
  }
  return sidText(sid);
}
