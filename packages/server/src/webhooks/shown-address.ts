/** What may be shown of an address that lets whoever knows it in: of a webhook in the audit log, and to people who only read. Pure. */

/** Services name the kind of a path first, and keys do not look like that: short, letters alone. */
const plainWord = /^[a-z][a-z-]{0,15}$/;

/**
 * Host, and the first part of the path where it is a plain word; whatever else there is becomes "…". Slack, Discord, Azure and the
 * like put the credentials into path or query. @param url parseable, http or https
 */
export function shownAddress(url: string): string {
  const { origin, pathname, search } = new URL(url);
  const [first = "", ...rest] = pathname.slice(1).split("/");
  const isShown = plainWord.test(first);
  const head = isShown ? `/${first}` : "";
  const hasMore = search !== "" || (isShown ? rest.join("") !== "" : first !== "" || rest.length > 0);
  return hasMore ? `${origin}${head}/…` : `${origin}${head}`;
}
