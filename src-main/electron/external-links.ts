/** The pages outside that the console links to: where its providers are set up. */
const HOSTS: ReadonlySet<string> = new Set([
  'developers.facebook.com', // the WhatsApp Cloud API, its errors and limits
  'business.facebook.com', // numbers, tokens and the quality of a sender
  'resend.com', // domains and keys for email
]);

/** Whether the system's browser may be asked to open this: https and one of the hosts that we link to. */
export const isAllowedExternal = (url: string): boolean => {
  try {
    const { protocol, hostname, port, username, password } = new URL(url);
    return protocol === 'https:' && port === '' && username === '' && password === '' && HOSTS.has(hostname);
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
};
