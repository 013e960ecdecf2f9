/** A product as it is found on a computer. What each system has to supply: `ReadProducts`. */
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { antivirusStatus } from "../protocol.ts";

export type Row = SampleOf<typeof antivirusStatus>["products"][number];
export type Product = Omit<Row, "signatureAgeSeconds" | "wasOutdated">;

/** All products that can be found; none is an answer too. Throws OsError when it cannot be told. */
export type ReadProducts = (os: Os) => Promise<Collected<readonly Product[], NoDataCodeOf<typeof antivirusStatus>>>;

const nothingKnown: Omit<Product, "product" | "source"> = {
  state: "unknown",
  engine: "unknown",
  realTime: "unknown",
  signatures: "not-told",
  signatureVersion: "",
  signatureAt: null,
  updates: "unknown",
  productVersion: "",
  engineVersion: "",
  tamperProtection: "unknown",
  lastScanAt: null,
  isBuiltIn: false,
  problem: "",
};

/** A product of which nothing is known but what is said here. */
export function makeProduct(said: Pick<Product, "product" | "source"> & Partial<Product>): Product {
  const product = { ...nothingKnown, ...said };
  return {
    ...product,
    product: clip(product.product, subjectLimit),
    signatureVersion: clip(product.signatureVersion, textLimit),
    productVersion: clip(product.productVersion, textLimit),
    engineVersion: clip(product.engineVersion, textLimit),
    problem: clip(product.problem, textLimit),
    signatureAt: asMoment(product.signatureAt),
    lastScanAt: asMoment(product.lastScanAt),
  };
}

/** A moment that a product wrote down; null for what can be none. Unix time in milliseconds. */
function asMoment(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value > 0 && value < 8.64e15 ? Math.round(value) : null;
}
