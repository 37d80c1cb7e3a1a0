import { createPrivateKey, X509Certificate } from 'node:crypto';

const CERTIFICATES =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** What is wrong with a text that is to hold certificates (PEM): of it nothing is repeated. */
export const flawOfCertificates = (text: string): string | undefined => {
  const certificates = text.match(CERTIFICATES) ?? [];
  // TLS takes whatever text there is, and finds out only when nobody is trusted.
  if (certificates.length === 0) return 'holds no certificate (PEM)';
  return certificates.every(isCertificate)
    ? undefined
    : 'holds a certificate (PEM) that cannot be read';
};

/** The same of a text that is to hold a private key. */
export const flawOfKey = (text: string): string | undefined =>
  isRead(() => createPrivateKey(text))
    ? undefined
    : 'holds no private key (PEM) that can be read without a passphrase';

const isCertificate = (pem: string): boolean => isRead(() => new X509Certificate(pem));

const isRead = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};
