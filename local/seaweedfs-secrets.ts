import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLoopbackCertificate, type Certificate } from './certificate.ts';
import { writeWhole } from './write-whole.ts';

/** The credentials of a home's S3 clients. */
export interface StoreKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The SeaweedFS components. Each has its own ports, which other components call. */
const PARTS = ['master', 'volume', 'filer'] as const;
const GRPC_PARTS = [...PARTS, 's3', 'client'] as const;

/**
 * The keys of a home's object store. They are created once and kept in the home. Each home has different keys, so a web page
 * or program cannot guess them.
 */
export function storeKeysOf(home: string): StoreKeys {
  const path = join(folderOf(home), 's3-keys.json');
  if (!existsSync(path)) {
    const keys: StoreKeys = { accessKey: 'local', secretKey: randomBytes(24).toString('base64url') };
    mkdirSync(folderOf(home), { recursive: true });
    writeWhole(path, `${JSON.stringify(keys)}\n`);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as StoreKeys;
}

/**
 * The certificate by which SeaweedFS components authenticate each other. Their ports do not check keys, so they refuse
 * connections without this certificate. Only S3 is open to other clients, and S3 checks keys.
 */
export function partsCertificateOf(home: string): Certificate {
  const [keyPath, certPath] = certificatePaths(home);
  // The certificate is written last: if it is missing, both files are created again.
  if (!existsSync(certPath)) {
    const { key, cert } = makeLoopbackCertificate();
    mkdirSync(folderOf(home), { recursive: true });
    writeWhole(keyPath, key);
    writeWhole(certPath, cert);
  }
  return { key: readFileSync(keyPath, 'utf8'), cert: readFileSync(certPath, 'utf8') };
}

/** Writes the files that SeaweedFS reads at start: S3 identities and `security.toml`. Returns the path of the first. */
export function writeStoreSecrets(home: string): string {
  const identities = join(folderOf(home), 'identities.json');
  const actions = ['Admin', 'Read', 'List', 'Tagging', 'Write'];
  const credentials = [storeKeysOf(home)];
  writeWhole(identities, `${JSON.stringify({ identities: [{ name: 'millrace', credentials, actions }] })}\n`);
  partsCertificateOf(home);
  writeWhole(join(folderOf(home), 'security.toml'), securityToml(certificatePaths(home)));
  return identities;
}

function securityToml([key, cert]: readonly [string, string]): string {
  const text = JSON.stringify;
  const pair = `cert = ${text(cert)}\nkey = ${text(key)}\n`;
  return [
    `[grpc]\nca = ${text(cert)}\n`,
    ...GRPC_PARTS.map((part) => `[grpc.${part}]\n${pair}`),
    `[https.client]\nenabled = true\nca = ${text(cert)}\n${pair}`,
    ...PARTS.map((part) => `[https.${part}]\nca = ${text(cert)}\n${pair}`),
  ].join('\n');
}

function certificatePaths(home: string): readonly [key: string, cert: string] {
  return [join(folderOf(home), 'parts-key.pem'), join(folderOf(home), 'parts-cert.pem')];
}

function folderOf(home: string): string {
  return join(home, 'seaweedfs');
}
