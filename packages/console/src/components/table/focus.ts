/** Puts the focus on a row's link once it is drawn, so that a screen reader follows and Enter works by itself. */
export function focusRow(id: string | undefined): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const link =
        (id === undefined ? null : document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(id)}"]`)) ??
        document.querySelector<HTMLElement>("main tbody [data-row-link], main tbody a");
      (link ?? document.querySelector<HTMLElement>("main"))?.focus({ preventScroll: true });
    }),
  );
}
