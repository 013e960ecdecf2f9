/** A QR code as shapes of the page: no picture from elsewhere, no style, so the content policy has nothing against it. */
import { encode } from "uqr";
import styles from "./QrCode.module.css";

/** Modules of quiet zone around the code; ISO/IEC 18004 asks for four. */
const border = 4;

/** One path of unit squares, row by row. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  return modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
}

/** @param label says what a camera finds in it, for those who cannot see it. */
export function QrCode({ value, label }: { value: string; label: string }) {
  const { data, size } = encode(value, { ecc: "M", border });
  return (
    <svg className={styles["code"]} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={pathOf(data)} />
    </svg>
  );
}
