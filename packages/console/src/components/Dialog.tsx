/** A dialog of the console. It is there from its opening to its closing, and whoever worked with the keyboard goes on where it was opened. */
import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { useTexts } from "../texts/texts.tsx";

export function Dialog(props: Omit<ModalProps, "opened" | "closeButtonProps" | "closeOnEscape">) {
  const texts = useTexts();
  useFocusBack();
  useEscape(props.onClose);
  return <Modal {...props} opened closeOnEscape={false} closeButtonProps={{ "aria-label": texts.shell.close }} data-dialog />;
}

interface OpenDialog {
  readonly close: () => void;
}

/** The one on top is the last. */
const openDialogs: OpenDialog[] = [];

/** With Mantine's own way every open dialog hears Escape; what was typed in those below would be lost. */
function useEscape(onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const own = { close: () => close() };
    openDialogs.push(own);
    if (openDialogs.length === 1) window.addEventListener("keydown", closeTop, { capture: true });
    return () => {
      openDialogs.splice(openDialogs.indexOf(own), 1);
      if (openDialogs.length === 0) window.removeEventListener("keydown", closeTop, { capture: true });
    };
  }, []);
}

function closeTop(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.isComposing) return;
  if (event.target instanceof Element && hasOwnEscape(event.target)) return;
  openDialogs.at(-1)?.close();
}

/** An open menu or list of choices, which closes itself, and what lies above as a dialog of its own: the palette. */
const hasOwnEscape = (target: Element): boolean =>
  target.getAttribute("data-mantine-stop-propagation") === "true" ||
  (target.closest("[role=dialog]") !== null && target.closest("[data-dialog]") === null);

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
