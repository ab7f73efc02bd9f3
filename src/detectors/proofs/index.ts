/**
 * Offline checks that a secret carries in itself, one file per algorithm. A proof computes over the
 * secret it is given. It may not look around it, ask anyone, throw, or decide what its answer means:
 * the rule says that.
 */
import { azureCask } from './azure-cask.ts';
import { azureDevopsPatLegacy } from './azure-devops-pat-legacy.ts';
import { azureMarvin } from './azure-marvin.ts';
import { confluentCrc32 } from './confluent-crc32.ts';
import { apifyCrc32, denoCrc32, githubCrc32, npmCrc32, polarCrc32, saladCrc32, vercelCrc32 } from './crc32-base62.ts';
import { atlassianCrc32, cloudflareCrc32, grafanaCrc32, zuploCrc32 } from './crc32-hex.ts';
import { entraSecret } from './entra-secret.ts';
import { anthropicSuffix, groqInfix, herokuBase64, openaiInfix, rapidapiInfix, sendgridShape } from './fixed-shape.ts';
import { gitlabRoutable } from './gitlab-routable.ts';
import type { Proof } from './proof.ts';
import { supabaseSha256 } from './supabase-sha256.ts';

export const PROOFS: readonly Proof[] = [
  anthropicSuffix,
  apifyCrc32,
  atlassianCrc32,
  azureCask,
  azureDevopsPatLegacy,
  azureMarvin,
  cloudflareCrc32,
  confluentCrc32,
  denoCrc32,
  entraSecret,
  githubCrc32,
  gitlabRoutable,
  grafanaCrc32,
  groqInfix,
  herokuBase64,
  npmCrc32,
  openaiInfix,
  polarCrc32,
  rapidapiInfix,
  saladCrc32,
  sendgridShape,
  supabaseSha256,
  vercelCrc32,
  zuploCrc32,
];

const byName: ReadonlyMap<string, Proof> = new Map(PROOFS.map((proof) => [proof.name, proof]));

export function proofNamed(name: string | undefined): Proof | undefined {
  return name === undefined ? undefined : byName.get(name);
}
