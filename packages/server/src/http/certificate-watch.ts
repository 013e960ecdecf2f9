/**
 * Notices that the server's certificate was renewed, by looking at its files and at once after SIGHUP. New connections get the new
 * one. A pair that cannot be used is not taken: the old one stays, and the server says so.
 */
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Logger } from "../operation/log.ts";

const lookEveryMs = 30_000;

/** PEM, as the files hold it. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWatch {
  /** Why the pair in the files is not the one in use; undefined when it is. */
  problem(): string | undefined;
  /** Looks now. @returns whether a new pair was taken. */
  look(): Promise<boolean>;
  stop(): void;
}

export interface WatchOptions {
  readonly certificatePath: string;
  readonly keyPath: string;
  /** Renews what is in the files, where that is the server's own to do. */
  readonly renew?: () => Promise<unknown>;
  readonly log: Logger;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Takes a pair that was looked over. */
  readonly take: (pair: CertificatePair) => void;
}

/** @param used the pair in use now */
export function watchCertificate(
  { certificatePath, keyPath, renew, log, now, take }: WatchOptions,
  used: CertificatePair,
): CertificateWatch {
  let usedHash = hashOf(used);
  let problem: string | undefined;
  const refuse = (text: string) => {
    if (problem !== text) log.error("the renewed certificate is not taken; the one before stays in use", { problem: text });
    problem = text;
    return false;
  };
  const look = async () => {
    let pair: CertificatePair;
    try {
      await renew?.();
      pair = await readPair(certificatePath, keyPath);
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
    const hash = hashOf(pair);
    if (hash !== usedHash) {
      const fault = faultOf(pair, now());
      if (fault !== undefined) return refuse(fault);
      take(pair);
      log.info("the certificate was renewed");
    }
    const isNew = hash !== usedHash;
    usedHash = hash;
    problem = undefined;
    return isNew;
  };
  let looking: Promise<boolean> | undefined;
  const lookOnce = () => (looking ??= look().finally(() => (looking = undefined)));
  const onSignal = () => void lookOnce();
  process.on("SIGHUP", onSignal);
  const timer = setInterval(onSignal, lookEveryMs);
  timer.unref();
  return {
    problem: () => problem,
    look: lookOnce,
    stop() {
      clearInterval(timer);
      process.off("SIGHUP", onSignal);
    },
  };
}

export async function readPair(certificatePath: string, keyPath: string): Promise<CertificatePair> {
  const [cert, key] = await Promise.all([readFile(certificatePath, "utf8"), readFile(keyPath, "utf8")]);
  return { cert, key };
}

/** Why a pair cannot be used at this moment, in a sentence; undefined when it can. Tells nothing of the key. */
export function faultOf({ cert, key }: CertificatePair, nowMs: number): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return "HAUSWART_TLS_CERT holds no certificate in PEM.";
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return "The key in HAUSWART_TLS_KEY does not belong to the certificate.";
    createSecureContext({ cert, key });
  } catch {
    return "HAUSWART_TLS_KEY holds no private key in PEM that fits the certificate.";
  }
  if (Date.parse(certificate.validTo) < nowMs) return `The certificate in HAUSWART_TLS_CERT ended on ${certificate.validTo}.`;
  if (Date.parse(certificate.validFrom) > nowMs) return `The certificate in HAUSWART_TLS_CERT begins only on ${certificate.validFrom}.`;
  return undefined;
}

const hashOf = ({ cert, key }: CertificatePair): string =>
  createHash("sha256")
    .update(JSON.stringify([cert, key]))
    .digest("hex");
