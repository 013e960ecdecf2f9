/** The frame around every page: rail, head, content, and what can be called from anywhere. */
import { Drawer } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { getRouteApi, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTexts } from "../texts/texts.tsx";
import { Head } from "./Head.tsx";
import { LiveProvider } from "./live.tsx";
import "../theme/print.css";
import { PrintFoot } from "./PrintFoot.tsx";
import { Rail } from "./Rail.tsx";
import styles from "./Shell.module.css";
import { StepUp } from "./StepUp.tsx";

const Palette = lazy(() => import("./Palette.tsx"));
const EnrolDialog = lazy(() => import("../pages/enrol/EnrolDialog.tsx"));
const app = getRouteApi("/app");

export function Shell() {
  const texts = useTexts();
  const [isRailOpen, rail] = useDisclosure(false);
  const [paletteCalls, setPaletteCalls] = useState(0);
  const { enrol } = app.useSearch();
  const navigate = useNavigate();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const content = useRef<HTMLElement>(null);
  const openPalette = () => setPaletteCalls((calls) => calls + 1);
  useHotkeys([["mod+K", openPalette]], []);
  useEffect(() => {
    rail.close();
    content.current?.scrollTo({ top: 0 });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when the page changes
  }, [pathname]);
  return (
    <LiveProvider>
      <a className={styles["skip"]} href="#content">
        {texts.shell.skip}
      </a>
      <div className={styles["shell"]}>
        <nav className={styles["rail"]} aria-label={texts.shell.navigation}>
          <Rail />
        </nav>
        <Head onMenu={rail.open} onPalette={openPalette} />
        <main className={styles["content"]} id="content" ref={content} tabIndex={-1}>
          <Outlet />
          <PrintFoot />
        </main>
      </div>
      <Drawer
        opened={isRailOpen}
        onClose={rail.close}
        size={240}
        title={texts.shell.navigation}
        closeButtonProps={{ "aria-label": texts.shell.close }}
      >
        <nav aria-label={texts.shell.navigation}>
          <Rail />
        </nav>
      </Drawer>
      <StepUp />
      <Suspense>{paletteCalls > 0 && <Palette calls={paletteCalls} />}</Suspense>
      <Suspense>
        {enrol && <EnrolDialog onClose={() => void navigate({ to: ".", search: (before) => ({ ...before, enrol: undefined }) })} />}
      </Suspense>
    </LiveProvider>
  );
}
