import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** Arrows go one way: apps → features → platform → contracts. A feature never imports a feature. */
const depConstraints = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:platform', 'type:contracts'] },
  { sourceTag: 'type:feature', onlyDependOnLibsWithTags: ['type:platform', 'type:contracts'] },
  { sourceTag: 'type:assembly', onlyDependOnLibsWithTags: ['type:feature', 'type:platform', 'type:contracts'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:assembly', 'type:feature', 'type:platform', 'type:contracts'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:assembly', 'type:platform', 'type:contracts'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['*'] },
];

/** Tests and what they are built from may use the testing library, which product code may not. */
const testConstraints = depConstraints.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, 'type:testing'],
}));
const boundaries = (constraints) => [
  'error',
  { enforceBuildableLibDependency: false, allow: [], depConstraints: constraints },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.nx/**', '.innkeep/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.cjs'],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-require-imports': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  // A pattern that backtracks without bound lets one request hold the process.
  {
    files: ['apps/{api,projector,worker}/**/*.ts', 'libs/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
      'regexp/no-misleading-unicode-character': 'error',
    },
  },
  { files: ['**/*.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(depConstraints) } },
  {
    files: ['**/*.spec.ts', '**/*-under-test.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(testConstraints) },
  },
  // Nest reads constructor types at run time: an import that only serves as such a type must stay a value.
  {
    files: [
      '**/*.handler.ts',
      '**/*.query.ts',
      '**/*.controller.ts',
      '**/*.controllers.ts',
      '**/*.service.ts',
      '**/*.routes.ts',
      '**/*.module.ts',
      '**/*.store.ts',
      '**/*.guard.ts',
      '**/health.ts',
    ],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['tools/**', '.ci/**', 'apps/*/src/main.ts', 'libs/assembly/src/run-sidecar.ts', '**/*.spec.ts'],
    rules: { 'no-console': 'off' },
  },
);
