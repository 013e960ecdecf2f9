// Sets the colour scheme and the language of the page before anything is painted. The names are those of
// src/theme/color-scheme.ts and src/texts/texts.tsx.
(function () {
  var stored = null;
  var language = null;
  try {
    stored = localStorage.getItem("hauswart-color-scheme");
    language = localStorage.getItem("hauswart-language");
  } catch {
    // Storage may be forbidden; then the system's wish holds.
  }
  var dark = stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  if (language === "de" || language === "en") document.documentElement.lang = language;
})();
