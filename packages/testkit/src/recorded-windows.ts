/** What Windows' own tools write of registry and WMI, as the calls that the agent makes there. For tests on recordings and samples. */
import type { RegistryValue, WindowsRegistry, WmiValue } from "@hauswart/agent/os/windows/calls.ts";

/** Of `reg export` and regedit: "Windows Registry Editor Version 5.00". */
export function registryOf(exported: string): WindowsRegistry {
  const keys = new Map<string, { readonly path: string; readonly values: Map<string, RegistryValue> }>();
  let values: Map<string, RegistryValue> | undefined;
  // A long value goes on after a backslash at the end of its line.
  for (const line of exported.replaceAll(/\\\r?\n\s*/g, "").split(/\r?\n/)) {
    const key = /^\[HKEY_LOCAL_MACHINE\\(.+)\]$/.exec(line)?.[1];
    if (key !== undefined) {
      values = new Map();
      keys.set(`HKLM\\${key}`.toLowerCase(), { path: `HKLM\\${key}`, values });
    }
    const [, name, value] = /^(?:@|"((?:[^"\\]|\\.)*)")=(.*)$/.exec(line) ?? [];
    if (value !== undefined) values?.set(unescaped(name ?? ""), valueOf(value));
  }
  const at = (key: string) => keys.get(key.toLowerCase())?.values;
  return {
    value: async (key, name) => at(key)?.get(name),
    values: async (key) => at(key),
    keys: async (key) => {
      if (!at(key)) return undefined;
      const below = `${key}\\`.toLowerCase();
      const paths = [...keys].filter(([each]) => each.startsWith(below)).map(([, { path }]) => path.slice(below.length));
      return paths.filter((each) => !each.includes("\\"));
    },
  };
}

const unescaped = (text: string) => text.replaceAll(/\\(.)/g, "$1");

/** Texts, dword, hex(2) and hex(7), which are texts in UTF-16; any other kind stays bytes. */
function valueOf(text: string): RegistryValue {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return unescaped(quoted);
  const number = /^dword:([0-9a-f]{8})$/i.exec(text)?.[1];
  if (number !== undefined) return Number.parseInt(number, 16);
  const [, kind, digits] = /^hex(?:\(([0-9a-f]+)\))?:(.*)$/i.exec(text) ?? [];
  if (digits === undefined) throw new Error(`No value of a registry export: ${text}`);
  const bytes = Uint8Array.from(digits.split(",").filter(Boolean), (byte) => Number.parseInt(byte, 16));
  const wide = () => new TextDecoder("utf-16le").decode(bytes);
  if (kind === "2") return wide().replace(/\0+$/, "");
  return kind === "7" ? wide().split("\0").filter(Boolean) : bytes;
}

/**
 * Of `wmic … get /value` and the like: rows of `Name=Value`, parted by empty lines. Kinds are not written there: whole numbers and TRUE or
 * FALSE are taken as such, and what is empty as null, which is how WMI answers for these classes.
 */
export function wmiRowsOf(listing: string): Readonly<Record<string, WmiValue>>[] {
  const groups = listing.replaceAll("\r", "").split(/\n{2,}/);
  const rows = groups.map((group) => {
    const fields = group.split("\n").flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, wmiValueOf(value)] as const];
    });
    return Object.fromEntries(fields);
  });
  return rows.filter((row) => Object.keys(row).length > 0);
}

function wmiValueOf(text: string): WmiValue {
  if (text === "") return null;
  if (/^(TRUE|FALSE)$/i.test(text)) return text.toUpperCase() === "TRUE";
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
