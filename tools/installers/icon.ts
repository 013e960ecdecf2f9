/** The project's sign, an SVG, as an icon of Windows (ICO): for the program and for the list of installed programs. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { projectRoot } from "../sources.ts";

const source = join(projectRoot, "packages/console/public/favicon.svg");
/** What Windows asks for: lists, the task bar, large symbols and those between at higher resolutions of the screen. */
export const iconSizes: readonly number[] = [16, 20, 24, 32, 40, 48, 64, 256];
/** From here on as PNG, below as a bitmap, which everything on Windows can draw. */
const pngFrom = 256;

let isReady: Promise<void> | undefined;

/** The icon file with all sizes. */
export async function makeIcon(): Promise<Uint8Array> {
  isReady ??= initWasm(readFileSync(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
  await isReady;
  const svg = readFileSync(source, "utf8");
  const images = iconSizes.map((size) => {
    const image = new Resvg(svg, { fitTo: { mode: "width", value: size } }).render();
    return { size, bytes: size >= pngFrom ? image.asPng() : bitmap(image.pixels, size) };
  });
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ size, bytes }, index) => {
    const at = 6 + 16 * index;
    header.writeUInt8(size % 256, at); // 0 stands for 256
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(bytes.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([header, ...images.map(({ bytes }) => bytes)]);
}

/** BITMAPINFOHEADER, pixels from the bottom up as blue, green, red and opacity, and a mask that hides nothing. @param pixels as red, green, blue, opacity */
function bitmap(pixels: Uint8Array, size: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(size * 2, 8); // pixels and mask
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const colours = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const from = ((size - 1 - row) * size + column) * 4;
      const to = (row * size + column) * 4;
      const opacity = pixels[from + 3]!;
      // The drawing has its colours weighed by opacity; Windows weighs them itself.
      const weigh = (value: number) => (opacity === 0 ? 0 : Math.min(255, Math.round((value * 255) / opacity)));
      colours.set([weigh(pixels[from + 2]!), weigh(pixels[from + 1]!), weigh(pixels[from]!), opacity], to);
    }
  return Buffer.concat([header, colours, Buffer.alloc(Math.ceil(size / 32) * 4 * size)]);
}
