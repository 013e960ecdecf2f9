import { join } from "node:path";

/** Where the files of an own authority lie. */
export function ownFiles(dataDirectory: string): Readonly<Record<"authority" | "authorityKey" | "certificate" | "key", string>> {
  const path = (name: string) => join(dataDirectory, "secrets", name);
  return {
    authority: path("own-authority.crt"),
    authorityKey: path("own-authority.key"),
    certificate: path("own-certificate.crt"),
    key: path("own-certificate.key"),
  };
}
