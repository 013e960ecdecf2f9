/**
 * The look: one accent colour, 13 px text, dense controls. States have their own tokens in tokens.css. The CSS variables of
 * this theme are written at build time (vite/theme-css.ts), because the content policy allows no style element at run time.
 */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#eef5fb",
  "#d8e7f4",
  "#b5d1ea",
  "#8fbae0",
  "#6fa8d9",
  "#4187c2",
  "#2a72b0",
  "#1d5f96",
  "#174d7b",
  "#103757",
];
const dark: MantineColorsTuple = [
  "#d9dee4",
  "#bcc4cd",
  "#9aa5b1",
  "#7d8894",
  "#3b444e",
  "#2d353e",
  "#222930",
  "#171c21",
  "#12161a",
  "#0d1013",
];
const gray: MantineColorsTuple = [
  "#f6f8f9",
  "#eef1f3",
  "#e3e7ea",
  "#d5dade",
  "#bfc6cc",
  "#98a2ab",
  "#6a7580",
  "#4a545e",
  "#323b44",
  "#1b2229",
];

/** Controls are 28 px high, like rows. */
const control = { size: "xs" } as const;

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 7 },
  colors: { accent, dark, gray },
  black: "#1b2229",
  fontFamily: "'Segoe UI Variable Text', 'Segoe UI', system-ui, -apple-system, Roboto, 'Open Sans', 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "'Cascadia Mono', Consolas, ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "13px", lg: "15px", xl: "18px" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  spacing: { xs: "6px", sm: "10px", md: "14px", lg: "20px", xl: "28px" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "18px", lineHeight: "1.35" },
      h2: { fontSize: "14px", lineHeight: "1.4" },
      h3: { fontSize: "13px", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: control },
    ActionIcon: { defaultProps: { size: 28, variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: control },
    PasswordInput: { defaultProps: control },
    NumberInput: { defaultProps: control },
    Textarea: { defaultProps: control },
    Select: { defaultProps: { ...control, checkIconPosition: "right", comboboxProps: { shadow: "md" } } },
    MultiSelect: { defaultProps: control },
    TagsInput: { defaultProps: control },
    Checkbox: { defaultProps: control },
    Switch: { defaultProps: control },
    SegmentedControl: { defaultProps: control },
    // Scroll locking writes a style element, which the content policy forbids.
    Modal: { defaultProps: { lockScroll: false, centered: false, transitionProps: { duration: 80 } } },
    // A dialog's head is no banner of the page.
    ModalHeader: { defaultProps: { role: "none" } },
    DrawerHeader: { defaultProps: { role: "none" } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 60 }, multiline: true, maw: 420 } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 60 } } },
    Badge: { defaultProps: { tt: "none", size: "sm", radius: "sm", variant: "default" } },
  },
});

/** What Mantine's own choice leaves below a contrast of 4.5:1, and the surfaces. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#59646e",
    "--mantine-color-placeholder": "#66717b",
    "--mantine-color-anchor": "#1d5f96",
    // Buttons without a frame stand beside links: they are of the same blue.
    "--mantine-color-accent-light-color": "#1d5f96",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-default-border": "#c9d0d6",
    "--mantine-color-disabled-color": "#66717b",
    "--mantine-color-gray-light-color": "#323b44",
  },
  dark: {
    "--mantine-color-dimmed": "#9aa5b1",
    "--mantine-color-placeholder": "#929da8",
    "--mantine-color-anchor": "#8fbae0",
    "--mantine-color-accent-light-color": "#8fbae0",
    "--mantine-color-error": "#ff8d84",
    "--mantine-color-default-border": "#3b444e",
    "--mantine-color-disabled-color": "#929da8",
  },
});
