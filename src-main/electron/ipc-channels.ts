// Free of zod: the sandboxed preload script shares these.

/** From the page to main: (session, client frame). */
export const FROM_PAGE = 'rpc:from-page';
/** From main to the page: (session, server frame). */
export const TO_PAGE = 'rpc:to-page';
