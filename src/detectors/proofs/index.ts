/**
 * Offline checks that a secret carries in itself, one file per algorithm. A proof computes over the
 * secret it is given. It may not look around it, ask anyone, throw, or decide what its answer means:
 * the rule says that.
 */
import { awsAccessKeyId } from './aws-access-key-id.ts';
import { azureCask } from './azure-cask.ts';
import { azureDevopsPatLegacy } from './azure-devops-pat-legacy.ts';
import { azureMarvin } from './azure-marvin.ts';
import { azureSas } from './azure-sas.ts';
import { grafanaCloud, grafanaLegacy, sentryToken } from './base64-json.ts';
import { clerkKey } from './clerk-key.ts';
import { confluentCrc32 } from './confluent-crc32.ts';
import { apifyCrc32, denoCrc32, githubCrc32, npmCrc32, polarCrc32, saladCrc32, vercelCrc32 } from './crc32-base62.ts';
import { atlassianCrc32, cloudflareCrc32, grafanaCrc32, zuploCrc32 } from './crc32-hex.ts';
import { discordToken } from './discord-token.ts';
import { dockerAuth } from './docker-auth.ts';
import { elasticApiKey } from './elastic-api-key.ts';
import { entraSecret } from './entra-secret.ts';
import { anthropicSuffix, groqInfix, herokuBase64, openaiInfix, rapidapiInfix, sendgridShape } from './fixed-shape.ts';
import { gcpServiceAccount } from './gcp-service-account.ts';
import { gitlabRoutable } from './gitlab-routable.ts';
import { jwt, supabaseJwt } from './jwt.ts';
import { mapboxToken } from './mapbox-token.ts';
import { opensshKey } from './openssh-key.ts';
import { pem } from './pem.ts';
import { pgpArmor } from './pgp-armor.ts';
import type { Proof } from './proof.ts';
import { puttyKey } from './putty-key.ts';
import { pypiMacaroon } from './pypi-macaroon.ts';
import { supabaseSha256 } from './supabase-sha256.ts';

export const PROOFS: readonly Proof[] = [
  anthropicSuffix,
  apifyCrc32,
  atlassianCrc32,
  awsAccessKeyId,
  azureCask,
  azureDevopsPatLegacy,
  azureMarvin,
  azureSas,
  clerkKey,
  cloudflareCrc32,
  confluentCrc32,
  denoCrc32,
  discordToken,
  dockerAuth,
  elasticApiKey,
  entraSecret,
  gcpServiceAccount,
  githubCrc32,
  gitlabRoutable,
  grafanaCloud,
  grafanaCrc32,
  grafanaLegacy,
  groqInfix,
  herokuBase64,
  jwt,
  mapboxToken,
  npmCrc32,
  openaiInfix,
  opensshKey,
  pem,
  pgpArmor,
  polarCrc32,
  puttyKey,
  pypiMacaroon,
  rapidapiInfix,
  saladCrc32,
  sendgridShape,
  sentryToken,
  supabaseJwt,
  supabaseSha256,
  vercelCrc32,
  zuploCrc32,
];

const byName: ReadonlyMap<string, Proof> = new Map(PROOFS.map((proof) => [proof.name, proof]));

export function proofNamed(name: string | undefined): Proof | undefined {
  return name === undefined ? undefined : byName.get(name);
}
