/** The narrowest and lowest window in which no layout breaks. */
export const MIN_WIDTH = 1024;
export const MIN_HEIGHT = 640;
