// One configuration for all tests. Suffixes say what a test needs: unit (nothing), int (PostgreSQL, Redis), e2e (the three apps).
const { availableParallelism } = require('node:os');

/** ESM-only packages that have to be turned into CommonJS for jest. */
const esmOnly = [
  '@nestjs',
  '@bull-board',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@borewit',
  '@tokenizer',
  'content-disposition',
  'cookie',
  'jose',
  'uuid',
  'lru-cache',
  'cockatiel',
  'light-my-request',
  'fast-check',
  'pure-rand',
  '@willsoto',
  'ip-regex',
  'nodemailer',
];

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testSequencer: '<rootDir>/tools/test/longest-first.cjs',
  testMatch: ['**/*.(unit|int|e2e).spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '^@innkeep/(contracts|assembly|testing)$': '<rootDir>/libs/$1/src/index.ts',
    '^@innkeep/(platform|features)/([^/]+)$': '<rootDir>/libs/$1/$2/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'],
  },
  // Long, because a slow machine is no failure: it only bounds how long one that hangs is waited for.
  testTimeout: 120_000,
  // Much of the work is done by PostgreSQL, Redis and the apps, in processes of their own: on two processors one worker would leave one idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
