// Who may import whom. Every rule has a violation in scripts/check-dependencies.test.ts that it must
// find.
// Tests, and what only they use.
const TEST = '(\\.test\\.tsx?$|/testing/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-imports-only-shared',
      comment: 'src-shared runs in every process and in the browser.',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: TEST },
      to: { path: '^(src-main|src-renderer|e2e|scripts)/' },
    },
    {
      name: 'shared-uses-only-pure-packages',
      comment: 'Only zod and libraries that touch neither Node nor the DOM.',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: TEST },
      to: {
        dependencyTypesNot: ['local', 'aliased'],
        pathNot: 'node_modules/(zod|libphonenumber-js|date-fns|rfc6902)/',
      },
    },
    {
      name: 'renderer-not-to-main',
      comment: 'The renderer knows the contract in src-shared, never who answers it.',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: TEST },
      to: { path: '^(src-main|e2e|scripts)/' },
    },
    {
      name: 'renderer-not-to-node',
      comment: 'The renderer is sandboxed: there is no Node in it.',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'main-not-to-renderer',
      severity: 'error',
      from: { path: '^src-main/' },
      to: { path: '^src-renderer/' },
    },
    {
      name: 'main-not-to-tests-or-scripts',
      severity: 'error',
      from: { path: '^src-main/', pathNot: TEST },
      to: { path: '^(e2e|scripts)/' },
    },
    {
      name: 'electron-only-in-its-shell',
      comment: 'Everything else also runs headless.',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-main/(index\\.ts$|electron/|preload/)' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'queues-only-in-engine',
      comment: 'Above engine/, Redis and PostgreSQL queues are the same port.',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/engine/', TEST] },
      to: { path: 'node_modules/(bullmq|ioredis)/' },
    },
    {
      name: 'sql-only-in-database-and-repositories',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/database/', '/repository\\.ts$', TEST] },
      to: { path: 'node_modules/(@types/pg|@types/pg-copy-streams|pg|pg-copy-streams|kysely)/' },
    },
    {
      name: 'features-are-independent',
      comment: 'What two features share lives in ui/, platform/ or src-shared.',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: { path: '^src-renderer/features/', pathNot: '^src-renderer/features/$1/' },
    },
    {
      name: 'ui-knows-no-feature',
      severity: 'error',
      from: { path: '^src-renderer/(ui|platform|i18n|styles|audience|operations)/', pathNot: TEST },
      to: { path: '^src-renderer/(features|app)/' },
    },
    {
      name: 'no-import-of-tests',
      severity: 'error',
      from: { pathNot: ['^e2e/', TEST] },
      to: { path: TEST },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      comment: 'A path that is not found is a path that no rule looked at.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(css|svg|png|sql)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  },
};
