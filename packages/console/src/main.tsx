/** Starts the console: the reader's language and the features' texts first, then the page. */
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/query-client.ts";
import { isDoor } from "./app/next.ts";
import { createConsoleRouter } from "./app/router.tsx";
import { askAhead } from "./pages/overview/ask-ahead.ts";
import { loadCards } from "./features/cards.ts";
import { firstLanguage } from "./texts/language.ts";
import { loadTexts, SpeechProvider } from "./texts/texts.tsx";
import { colorSchemeManager } from "./theme/color-scheme.ts";
import "./theme/base.css";
import "./theme/mantine-styles.ts";
import "virtual:theme.css";
import "./theme/tokens.css";
import { cssVariablesResolver, theme } from "./theme/theme.ts";

// A newer console has replaced the files that this page would load next. The page is loaded anew, once.
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem("hauswart-reloaded-at") ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem("hauswart-reloaded-at", String(Date.now()));
  event.preventDefault();
  location.reload();
});

const queryClient = createQueryClient({
  onSignedOut: () => {
    const { pathname, href } = router.state.location;
    if (isDoor(pathname)) return;
    queryClient.clear();
    void router.navigate({ to: "/sign-in", search: { next: href } });
  },
  onFactorMissing: () => {
    if (router.state.location.pathname !== "/account") void router.navigate({ to: "/account" });
  },
});
const router = createConsoleRouter(queryClient);

// While texts and cards are still on their way.
if (location.pathname === "/") void askAhead(queryClient);
const language = firstLanguage();
const [texts, cards] = await Promise.all([loadTexts(language), loadCards()]);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <SpeechProvider language={language} texts={texts} cards={cards}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Notifications position="bottom-left" limit={4} />
        </QueryClientProvider>
      </SpeechProvider>
    </MantineProvider>
  </StrictMode>,
);
