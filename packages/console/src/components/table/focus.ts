const linkOf = (id: string | undefined) =>
  id === undefined ? null : document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(id)}"]`);

/** The row that was asked for last; an earlier wish that is still waiting for its frame is void. */
let latestWish = 0;

/**
 * Puts the focus on a row's link, so that a screen reader follows and Enter works by itself. At once when the row is there: whoever types
 * quickly presses Enter before the next frame and means this row. Again once all is drawn: a row further down only comes then, and a
 * dialog that closes gives the focus back to where it was opened.
 */
export function focusRow(id: string | undefined): void {
  const wish = ++latestWish;
  linkOf(id)?.focus({ preventScroll: true });
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (wish !== latestWish) return;
      const link = linkOf(id) ?? document.querySelector<HTMLElement>("main tbody [data-row-link], main tbody a");
      (link ?? document.querySelector<HTMLElement>("main"))?.focus({ preventScroll: true });
    }),
  );
}
