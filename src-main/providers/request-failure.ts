/** No connection was made in time: nothing was written. */
export const CONNECT_TIMEOUT = 'CONNECT_TIMEOUT';

/**
 * Why a request failed. Only causes that are certain to come before the request's first byte count as not
 * sent; everything else may have reached the provider.
 */
const BEFORE_THE_REQUEST = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  CONNECT_TIMEOUT,
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Whether the request certainly did not leave this machine. */
export function certainlyNotSent(error: unknown): boolean {
  const codes = causeCodes(error);
  return codes.length > 0 && codes.every((code) => BEFORE_THE_REQUEST.has(code));
}

/** The codes of the error and its causes. Several addresses of one host give an AggregateError: all count. */
function causeCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(causeCodes);
  if ('code' in error && typeof error.code === 'string') return [error.code];
  return causeCodes(error.cause);
}

/** What broke, for the delivery's history: a code of Node, never a URL or a header. */
export function failureWords(error: unknown): string {
  const [code] = causeCodes(error);
  return code === undefined
    ? 'The connection broke before an answer came.'
    : `The connection failed (${code}).`;
}
