import { listIfThere } from "@hauswart/agent/readers/if-there.ts";
import { readFolder, type Found, type ReadStores } from "./found-certificate.ts";

/** Where distributions, and the documentation of web and mail servers, put the certificates of services. */
const folders = [
  "/etc/ssl/private",
  "/etc/pki/tls/certs",
  "/etc/pki/tls/private",
  "/etc/nginx/ssl",
  "/etc/nginx/certs",
  "/etc/apache2/ssl",
  "/etc/httpd/ssl",
  "/etc/haproxy",
  "/etc/haproxy/certs",
  "/etc/dovecot",
  "/etc/dovecot/private",
  "/etc/postfix",
  "/etc/postfix/ssl",
  "/etc/ldap/ssl",
  "/etc/pve/local",
];
/** certbot's folder: one below it for each certificate. */
const letsEncrypt = "/etc/letsencrypt/live";

export const readStores: ReadStores = async (os) => {
  // Every Linux has it; where not even that can be read, nothing is claimed.
  await os.listDirectory("/etc");
  const found: Found[] = [];
  for (const folder of folders) found.push(...(await readFolder(os, folder, false)));
  for (const name of ((await listIfThere(os, letsEncrypt)) ?? []).toSorted())
    found.push(...(await readFolder(os, `${letsEncrypt}/${name}`, false)));
  return found;
};
