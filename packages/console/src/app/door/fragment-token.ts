/** The one-time token of a link in a mail. It stands behind the # of the address, which browsers send to nobody. */
import { useEffect, useState } from "react";

/** The token; undefined when the address has none. It is taken out of the address at once, so that it stays in no history. */
export function useFragmentToken(): string | undefined {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? undefined);
  useEffect(() => {
    if (location.hash !== "") window.history.replaceState(window.history.state, "", location.pathname);
  }, []);
  return token;
}
