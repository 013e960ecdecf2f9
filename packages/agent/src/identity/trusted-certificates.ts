/** Which certificates the server may show. The server's own key is pinned besides; this is the way to it. */

/**
 * Settings of a connection for own certificates: they are trusted besides the well-known ones, so that a house can go from its own
 * authority to a public one, and back, without its agents.
 * @param own PEM; undefined = the well-known ones alone
 */
export function trusting(own: string | undefined): { readonly tls?: { readonly ca: string[] } } {
  if (!own) return {};
  // Loaded only here: most agents have no use for it.
  const { getCACertificates } = process.getBuiltinModule("node:tls");
  return { tls: { ca: [own, ...getCACertificates("default")] } };
}
