/** SQL files are bundled as text (Vite's `?raw`), so that no path has to exist at run time. */
declare module '*.sql?raw' {
  const sql: string;
  export default sql;
}
