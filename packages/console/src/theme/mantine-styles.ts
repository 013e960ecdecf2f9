/**
 * Style sheets of those Mantine components that the console uses: a third of the whole. Each component's own dependencies
 * come first, as Mantine's list of style dependencies orders them.
 */
import "@mantine/core/styles/baseline.layer.css";
import "@mantine/core/styles/default-css-variables.layer.css";
import "@mantine/core/styles/global.layer.css";
