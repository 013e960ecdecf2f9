/** Whether the page is being printed: then whatever scrolls has to be there whole. */
import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

function subscribe(onChange: () => void): () => void {
  const media = matchMedia("print");
  // The browser takes its picture right after this event; what is drawn later is not on the paper.
  const now = () => flushSync(onChange);
  media.addEventListener("change", onChange);
  addEventListener("beforeprint", now);
  addEventListener("afterprint", onChange);
  return () => {
    media.removeEventListener("change", onChange);
    removeEventListener("beforeprint", now);
    removeEventListener("afterprint", onChange);
  };
}

let isPrinting = false;
if (typeof addEventListener === "function") {
  addEventListener("beforeprint", () => void (isPrinting = true));
  addEventListener("afterprint", () => void (isPrinting = false));
}

export const usePrinting = (): boolean => useSyncExternalStore(subscribe, () => isPrinting || matchMedia("print").matches);
