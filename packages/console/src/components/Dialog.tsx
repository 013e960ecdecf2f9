/** A dialog of the console. It is there from its opening to its closing, and whoever worked with the keyboard goes on where it was opened. */
import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTexts } from "../texts/texts.tsx";

export function Dialog(props: Omit<ModalProps, "opened" | "closeButtonProps">) {
  const texts = useTexts();
  useFocusBack();
  return <Modal {...props} opened closeButtonProps={{ "aria-label": texts.shell.close }} />;
}

/**
 * Gives the focus back when the dialog goes (WCAG 2.2, 2.4.3). Mantine's own way needs a dialog that stays mounted while it is
 * closed. Whoever puts the focus elsewhere on purpose is left alone.
 */
function useFocusBack(): void {
  const [openers] = useState(openersNow);
  useEffect(
    () => () => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      const opener = openers.find((one) => one.isConnected) ?? document.querySelector("main");
      opener?.focus({ preventScroll: true });
    },
    [openers],
  );
}

/** Where dialogs above others were opened: when one gives way to the next, the page's own control is still known. */
let openersBefore: readonly HTMLElement[] = [];

/** Where the focus is before the dialog takes it: a control; of a menu, which closes, the button that opens it; then those before. */
function openersNow(): readonly HTMLElement[] {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement)) return [];
  const menu = active.closest("[role=menu]");
  const button = menu && document.querySelector<HTMLElement>(`[aria-controls="${CSS.escape(menu.id)}"]`);
  const isInDialog = active.closest("[role=dialog]") !== null;
  const own = active === document.body ? [] : [button ?? active];
  openersBefore = [...own, ...(isInDialog ? openersBefore.slice(0, 2) : [])];
  return openersBefore;
}
