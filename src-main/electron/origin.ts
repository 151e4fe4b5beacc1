/** The scheme that serves the bundle; its host is the only one there is. */
export const APP_SCHEME = 'app';
export const BUNDLE_ORIGIN = `${APP_SCHEME}://bundle`;
/** What a window opens. */
export const BUNDLE_URL = `${BUNDLE_ORIGIN}/index.html`;

/**
 * The origin of a URL as `scheme://host[:port]`; null where it is none or carries a user name. Not
 * `URL.origin`: that is "null" for schemes of one's own in Node.
 */
export const originOf = (url: string): string | null => {
  try {
    const { protocol, host, username, password } = new URL(url);
    return host === '' || username !== '' || password !== '' ? null : `${protocol}//${host}`;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
};

/** Whether a URL lies in one of our own origins, compared as a whole and never as a text's beginning. */
export const isOwnUrl = (url: string, origins: readonly string[]): boolean => {
  const origin = originOf(url);
  return origin !== null && origins.includes(origin);
};
