/** Which language the console speaks: the one chosen last on this computer, else the browser's, else German. */
import { languages, type Language } from "@hauswart/protocol/format.ts";

/** `public/color-scheme.js` reads the same name before the first paint. */
const storageKey = "hauswart-language";

/** The first of the wanted languages that the console speaks. `wanted` are language tags such as `en-GB`. */
export function languageOf(stored: string | null, wanted: readonly string[]): Language {
  const tags = stored ? [stored, ...wanted] : wanted;
  for (const tag of tags) {
    const found = languages.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "de";
}

/** Storage may be forbidden in a browser; then a choice lasts as long as the page. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export const firstLanguage = (): Language => languageOf(storage()?.getItem(storageKey) ?? null, navigator.languages);

/** Remembers the choice and tells the browser, for hyphenation and screen readers. */
export function rememberLanguage(language: Language): void {
  storage()?.setItem(storageKey, language);
  document.documentElement.lang = language;
}
