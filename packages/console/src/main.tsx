import { MantineProvider } from "@mantine/core";
import "@mantine/core/styles.layer.css";
import "virtual:theme.css";
import { createRoot } from "react-dom/client";
import { theme, cssVariablesResolver } from "./theme/theme.ts";
createRoot(document.getElementById("root")!).render(<MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} withCssVariables={false} withGlobalClasses={false}><p>hi</p></MantineProvider>);
